import type { InferenceSession } from 'onnxruntime-node';
import { gradients, nodesWithoutRule } from '../autodiff/gradients.ts';
import { DistilleryError } from '../errors.ts';
import { exportModel } from '../onnx/exporting/exportModel.ts';
import { encodeModel } from '../onnx/file.ts';
import { dimensionsOf, int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { importGraph } from '../onnx/importing/importGraph.ts';
import { narrowDoubles } from '../onnx/importing/singlePrecision.ts';
import { openDimensions, type NetworkFile } from '../training/engines/networkFile.ts';
import { closeSession, openSession, runtimeTensor } from '../training/engines/session.ts';

/** Points of the path from nothing to the sample, whose gradients are averaged. */
export const GRADIENT_POINTS = 32;

/** Operators behind which nothing depends on the sample as far as gradients can tell. */
const ROUNDING: ReadonlySet<string> = new Set(['QuantizeLinear', 'DynamicQuantizeLinear']);

/** What each number of a sample contributes to a weighted sum of a network's output. */
export interface Attributor {
  /**
   * @param weights one for every number of the output
   * @returns one contribution for every number of the sample
   */
  attribute(sample: Float32Array, weights: Float32Array): Promise<Float32Array>;
}

/** An attributor with a session of its own. */
export interface GradientAttributor extends Attributor {
  dispose(): Promise<void>;
}

/**
 * Integrated gradients (Sundararajan et al., arXiv 1703.01365): the gradient of the sum, averaged on the straight way from zeros to the
 * sample, times the sample. Over a sample they add up to the sum less that for zeros. The gradients are made by Distillery's own
 * differentiation. The caller disposes of the attributor.
 *
 * @returns undefined for a network of a fixed batch, of tokens, of integers, of several inputs, or with an operator that has no gradient rule
 */
export async function integratedGradients(
  network: NetworkFile,
  sampleShape: readonly number[],
): Promise<GradientAttributor | undefined> {
  const { file, inputs, output, fixedBatch } = network;
  const [input] = inputs;
  if (fixedBatch !== undefined || input?.role !== 'values' || input.own || input.taken) return undefined;
  const proto = narrowDoubles(file.proto);
  const graph = importGraph(proto, { batch: GRADIENT_POINTS, bind: openDimensions(proto, sampleShape) });
  const [sample, outputs] = [graph.value(input.name), graph.value(output)];
  if (nodesWithoutRule(graph, [outputs], [sample]).length > 0) return undefined;
  if (graph.nodes.some(({ operator }) => ROUNDING.has(operator))) return undefined;
  const gradient = gradientOfSum(graph, outputs, sample);
  graph.outputs.splice(0, graph.outputs.length);
  graph.output(gradient, graph.freshName('gradient'));
  const session = await openSession(encodeModel(exportModel(graph, { name: 'gradient' })), { device: 'cpu' });
  return {
    attribute: (values, weights) =>
      attribute(session, { name: input.name, shape: dimensionsOf(sample) }, values, weights),
    dispose: () => closeSession(session),
  };
}

/** Input with the weights of the sum that is differentiated. */
const WEIGHTS = 'weights of the output';

function gradientOfSum(graph: Graph, outputs: Value, sample: Value): Value {
  const flat = graph.op('Reshape', [outputs, graph.integers([GRADIENT_POINTS, -1])]);
  const weights = graph.input(WEIGHTS, 'float32', [1, dimensionsOf(flat)[1] ?? 1]);
  const sum = graph.op('ReduceSum', [graph.op('Mul', [flat, weights])], { keepdims: int(0) });
  const [gradient] = gradients(graph, sum, [sample]);
  if (!gradient) throw new DistilleryError('INTERNAL', 'The gradient of the sample was not built.');
  return gradient;
}

async function attribute(
  session: InferenceSession,
  input: { readonly name: string; readonly shape: readonly number[] },
  sample: Float32Array,
  weights: Float32Array,
): Promise<Float32Array> {
  const path = new Float32Array(GRADIENT_POINTS * sample.length);
  for (let step = 0; step < GRADIENT_POINTS; step++) {
    const share = (step + 0.5) / GRADIENT_POINTS;
    path.set(
      sample.map((value) => value * share),
      step * sample.length,
    );
  }
  const results = await session.run({
    [input.name]: runtimeTensor(path, input.shape),
    [WEIGHTS]: runtimeTensor(weights, [1, weights.length]),
  });
  const [found] = Object.values(results);
  const gradient = (await found?.getData()) as Float32Array | undefined;
  if (!gradient) throw new DistilleryError('INTERNAL', 'The gradient was not computed.');
  return sample.map((value, index) => {
    let sum = 0;
    for (let step = 0; step < GRADIENT_POINTS; step++) sum += gradient[step * sample.length + index] ?? NaN;
    return (value * sum) / GRADIENT_POINTS;
  });
}
