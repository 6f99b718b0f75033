import { gradients } from '../autodiff/gradients.ts';
import type { Split } from '../data/samples/split.ts';
import { DistilleryError } from '../errors.ts';
import { buildObjective } from '../objectives/buildObjective.ts';
import { bindInputs } from '../onnx/importing/bindInputs.ts';
import { copyGraph } from '../onnx/copy.ts';
import { exportModel } from '../onnx/exporting/exportModel.ts';
import { encodeModel } from '../onnx/file.ts';
import { Graph, int } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { ChannelImportance } from '../students/shrink/chooseChannels.ts';
import type { LayerToPrune } from '../students/shrink/layersToPrune.ts';
import { BatchFeeder, type Batch } from './batchFeeder.ts';
import { closeSession, openSession, runtimeTensor } from './engines/session.ts';
import { labelShapeOf, type TrainingTask } from './trainingTask.ts';
import { bindSamples, networkInputs } from './networkInputs.ts';
import { objectiveInputs } from './step/objectiveInputs.ts';

/** Samples that are differentiated at once. */
const BATCH = 32;

export interface TaylorOptions {
  readonly trainingTask: TrainingTask;
  /** Where the samples and their labels are read. */
  readonly split: Split;
  /** The samples that are looked at. */
  readonly indices: readonly number[];
  readonly signal: AbortSignal;
}

/**
 * How important the channels of a network are, by the first-order Taylor expansion of the loss around the channel as it is (Molchanov
 * et al., arXiv 1611.06440): |Σ ∂L/∂a · a| over the positions of the channel's map a, with its bias and batch normalisation, meaned
 * over samples. It estimates by how much the loss changes when the channel is zero. The network is differentiated as it is used, with
 * the statistics that it has.
 *
 * @param network forward graph; its first output is what the objective looks at
 * @returns by the name of each layer, a figure for every channel
 * @throws DistilleryError `CANCELLED` when the signal aborts, `UNSUPPORTED` when an operator has no gradient
 */
export async function taylorImportance(
  network: Graph,
  layers: readonly LayerToPrune[],
  { trainingTask, split, indices, signal }: TaylorOptions,
): Promise<ChannelImportance> {
  const batchSize = Math.min(BATCH, indices.length);
  const graph = buildTaylor(network, layers, { ...trainingTask, batchSize });
  const session = await openSession(encodeModel(exportModel(graph, { name: 'importance' })), { device: 'cpu' });
  const { sampleShape } = trainingTask;
  const feeder = new BatchFeeder({
    split,
    batchSize,
    sampleShape,
    labelShape: labelShapeOf(trainingTask),
    shapes: new Map(),
  });
  const importance = new Map<string, Float64Array>();
  try {
    // Batches are of one size; what does not fill the last one is left out.
    const batches = Math.floor(indices.length / batchSize);
    for (let first = 0; first < batches * batchSize; first += batchSize) {
      if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      const chosen = Int32Array.from(indices.slice(first, first + batchSize));
      const batch = await (await feeder.prepare({ indices: chosen, epoch: 1, step: 1 }))();
      const results = await session.run(feedsOf(graph, batch));
      feeder.release(batch);
      for (const [position, { name }] of layers.entries()) {
        const figures = (await results[outputName(position)]?.getData()) as Float32Array | undefined;
        const sums = importance.get(name) ?? new Float64Array(figures?.length ?? 0);
        importance.set(
          name,
          // The loss of a batch is a mean over its samples already.
          sums.map((sum, channel) => sum + (figures?.[channel] ?? NaN) / batches),
        );
      }
    }
  } finally {
    await feeder.dispose();
    await closeSession(session);
  }
  return importance;
}

/** A graph that takes a batch and gives, for each layer, the sums over the batch of |Σ gradient · activation| [channels]. */
function buildTaylor(
  network: Graph,
  layers: readonly LayerToPrune[],
  trainingTask: TrainingTask & { readonly batchSize: number },
): Graph {
  const graph = new Graph();
  const samples = graph.input('samples', 'float32', [trainingTask.batchSize, ...trainingTask.sampleShape]);
  const bindings = bindSamples(
    graph,
    networkInputs(network.inputs, trainingTask.samples),
    samples,
    trainingTask.samples,
  );
  const copies = copyGraph(graph, bindInputs(network, bindings), { bindings, prefix: 'network.' });
  const valueOf = (name: string): Value => {
    const value = copies.get(name);
    if (!value) throw new DistilleryError('INTERNAL', `Nothing stands for '${name}'.`);
    return value;
  };
  const logits = valueOf(network.outputs[0]?.name ?? '');
  const inputs = objectiveInputs(graph, trainingTask, { samples, logits, studentValues: copies });
  const { total } = buildObjective(graph, trainingTask.objective, inputs);
  const activations = layers.map(({ value }) => valueOf(value));
  gradients(graph, total, activations).forEach((gradient, position) => {
    const [activation, layer] = [activations[position], layers[position]];
    if (!activation || !layer) throw new DistilleryError('INTERNAL', 'A gradient belongs to no layer.');
    const positions = activation.shape.flatMap((_, axis) => (axis === 0 || axis === layer.axis ? [] : [axis]));
    const product = graph.op('Mul', [gradient, activation]);
    const ofSample =
      positions.length > 0
        ? graph.op('ReduceSum', [product, graph.integers(positions)], { keepdims: int(0) })
        : product;
    const sum = graph.op('ReduceSum', [graph.op('Abs', [ofSample]), graph.integers([0])], { keepdims: int(0) });
    graph.output(sum, outputName(position));
  });
  return graph;
}

function outputName(position: number): string {
  return `importance.${position}`;
}

/** What the graph takes of a batch, which may have labels that the objective does not look at. */
function feedsOf(graph: Graph, batch: Batch): Record<string, ReturnType<typeof runtimeTensor>> {
  return Object.fromEntries(
    graph.inputs.flatMap(({ name, shape }) => {
      const values = batch[name];
      return values ? [[name, runtimeTensor(values, shape.map(Number))]] : [];
    }),
  );
}
