import type { InferenceSession } from 'onnxruntime-node';
import { gradients, nodesWithoutRule } from '../../autodiff/gradients.ts';
import { DistilleryError } from '../../errors.ts';
import { exportModel } from '../../onnx/export.ts';
import { encodeModel } from '../../onnx/file.ts';
import { dimensionsOf, int, type Graph, type Value } from '../../onnx/graph.ts';
import { importGraph } from '../../onnx/import.ts';
import { openDimensions, type NetworkFile } from '../../training/engines/networkFile.ts';
import { closeSession, openSession, runtimeTensor } from '../../training/engines/session.ts';

/** Points of the path from nothing to the sample, whose gradients are averaged. */
const STEPS = 32;

/** Operators behind which nothing depends on the sample as far as gradients can tell. */
const ROUNDING: ReadonlySet<string> = new Set(['QuantizeLinear', 'DynamicQuantizeLinear']);

/** What each number of a sample contributes to one output of a network. */
export interface Attributor {
  readonly method: 'integrated gradients' | 'occlusion';
  /** @returns one contribution for every number of the sample */
  attribute(sample: Float32Array, output: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Integrated gradients (Sundararajan et al., arXiv 1703.01365): the gradient of an output, averaged on the straight way from zeros to
 * the sample, times the sample. Over a sample they sum to the output less that of zeros. The gradients are made by Distillery's own
 * differentiation.
 *
 * @returns undefined for a network of a fixed batch, of tokens, of integers, or with an operator that has no gradient rule
 */
export async function integratedGradients(
  network: NetworkFile,
  sampleShape: readonly number[],
): Promise<Attributor | undefined> {
  const { file, inputs, output, fixedBatch } = network;
  const [input] = inputs;
  if (fixedBatch !== undefined || input?.role !== 'values') return undefined;
  const graph = importGraph(file.proto, { batch: STEPS, bind: openDimensions(file.proto, sampleShape) });
  const [sample, outputs] = [graph.value(input.name), graph.value(output)];
  if (nodesWithoutRule(graph, [outputs], [sample]).length > 0) return undefined;
  if (graph.nodes.some(({ operator }) => ROUNDING.has(operator))) return undefined;
  const { gradient, count } = gradientOfOne(graph, outputs, sample);
  graph.outputs.splice(0, graph.outputs.length);
  graph.output(gradient, graph.freshName('gradient'));
  const session = await openSession(encodeModel(exportModel(graph, { name: 'gradient' })), { device: 'cpu' });
  return {
    method: 'integrated gradients',
    attribute: (values, index) =>
      attribute(session, { input: input.name, shape: dimensionsOf(sample), outputs: count }, values, index),
    dispose: () => closeSession(session),
  };
}

/** Input that says which output is differentiated. */
const CHOSEN = 'chosen output';

/** The gradient of a sample, and how many outputs there are to choose from. */
function gradientOfOne(
  graph: Graph,
  outputs: Value,
  sample: Value,
): { readonly gradient: Value; readonly count: number } {
  const flat = graph.op('Reshape', [outputs, graph.integers([STEPS, -1])]);
  const count = dimensionsOf(flat)[1] ?? 1;
  const chosen = graph.input(CHOSEN, 'float32', [1, count]);
  const sum = graph.op('ReduceSum', [graph.op('Mul', [flat, chosen])], { keepdims: int(0) });
  const [gradient] = gradients(graph, sum, [sample]);
  if (!gradient) throw new DistilleryError('INTERNAL', 'The gradient of the sample was not built.');
  return { gradient, count };
}

async function attribute(
  session: InferenceSession,
  { input, shape, outputs }: { readonly input: string; readonly shape: readonly number[]; readonly outputs: number },
  sample: Float32Array,
  output: number,
): Promise<Float32Array> {
  const path = new Float32Array(STEPS * sample.length);
  for (let step = 0; step < STEPS; step++) {
    const share = (step + 0.5) / STEPS;
    path.set(
      sample.map((value) => value * share),
      step * sample.length,
    );
  }
  const chosen = new Float32Array(outputs);
  chosen[output] = 1;
  const results = await session.run({
    [input]: runtimeTensor(path, shape),
    [CHOSEN]: runtimeTensor(chosen, [1, outputs]),
  });
  const [found] = Object.values(results);
  const gradient = (await found?.getData()) as Float32Array | undefined;
  if (!gradient) throw new DistilleryError('INTERNAL', 'The gradient was not computed.');
  return sample.map((value, index) => {
    let sum = 0;
    for (let step = 0; step < STEPS; step++) sum += gradient[step * sample.length + index] ?? NaN;
    return (value * sum) / STEPS;
  });
}
