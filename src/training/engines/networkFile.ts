import { DistilleryError } from '../../errors.ts';
import type { Samples } from '../../data/task.ts';
import { exportModel } from '../../onnx/export.ts';
import { exposeValues } from '../../onnx/exposeValues.ts';
import { encodeModel, loadModel, type ModelFile } from '../../onnx/file.ts';
import { importGraph } from '../../onnx/import.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { elementCount, type Shape } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { networkInputs, sampleInput, type NetworkInput } from '../networkInputs.ts';
import { Predictor } from './predictor.ts';
import { openSession } from './session.ts';

/** A network that was read from its file and understood, but does not run yet. */
export interface NetworkFile {
  readonly file: ModelFile;
  /** Its forward graph at batch 1. */
  readonly graph: Graph;
  readonly inputs: readonly NetworkInput[];
  readonly output: string;
  /** Dimensions of one sample; a dimension that the file leaves open has the name it has there. */
  readonly sampleShape: Shape;
  /** Dimensions of the output for one sample. */
  readonly outputShape: Shape;
  /** The batch size that the file insists on; undefined when any will do. */
  readonly fixedBatch: number | undefined;
  /** True when `file.proto` is another network than the one in the file: in float32, or with operators before and after it. */
  readonly isAdapted: boolean;
}

/** Samples that a network of free batch size takes at once, and the most values that they may have together. */
const PREDICTION_BATCH = { samples: 256, values: 2 ** 21 };

/**
 * Reads a network and finds its inputs and its output, which is the first unless another is named.
 *
 * @param options.sampleShape dimensions of the samples that it will be fed, which bind those that the file leaves open
 * @throws DistilleryError when the file cannot be read or its inputs are not understood
 */
export async function loadNetwork(
  path: string,
  options: { readonly sampleShape?: readonly number[]; readonly output?: string } = {},
): Promise<NetworkFile> {
  return readNetwork(await loadModel(path), options);
}

/** The network in a file that was read; see `loadNetwork`. @throws DistilleryError when its inputs are not understood */
export function readNetwork(
  file: ModelFile,
  options: { readonly sampleShape?: readonly number[]; readonly output?: string } = {},
): NetworkFile {
  const graph = importGraph(file.proto, { batch: 1, bind: openDimensions(file.proto, options.sampleShape) });
  const inputs = networkInputs(graph.inputs);
  const output =
    options.output === undefined ? graph.outputs[0] : graph.outputs.find(({ name }) => name === options.output);
  if (!output) {
    const names = graph.outputs.map(({ name }) => `'${name}'`).join(', ');
    throw new DistilleryError(
      'UNSUPPORTED',
      options.output === undefined
        ? `'${file.path}' has no output.`
        : `'${file.path}' has no output '${options.output}'; its outputs are ${names}.`,
    );
  }
  const batch = declaredShape(file.proto, sampleInput(inputs).name)?.[0];
  return {
    file,
    graph,
    inputs,
    output: output.name,
    sampleShape: sampleInput(inputs).shape.slice(1),
    outputShape: output.shape.slice(1),
    fixedBatch: typeof batch === 'number' ? batch : undefined,
    isAdapted: file.isChanged,
  };
}

/** Numbers for the dimensions of a model's inputs, beside the batch, that the file leaves open. */
export function openDimensions(proto: ModelProto, sampleShape: readonly number[] | undefined): Record<string, number> {
  const bound: Record<string, number> = {};
  for (const { name } of proto.graph?.input ?? []) {
    const shape = declaredShape(proto, name)?.slice(1) ?? [];
    if (shape.length !== sampleShape?.length) continue;
    shape.forEach((dimension, axis) => {
      if (typeof dimension === 'string') bound[dimension] = sampleShape[axis] ?? 0;
    });
  }
  return bound;
}

/** Dimensions of an input as the file declares them; undefined for one that does not say. */
export function declaredShape(proto: ModelProto, input: string): Shape | undefined {
  const type = proto.graph?.input.find(({ name }) => name === input)?.type?.value;
  if (type?.case !== 'tensorType') return undefined;
  return type.value.shape?.dim.map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : value.case === 'dimParam' ? value.value : '',
  );
}

/** How a network is opened for prediction. */
export interface OpenNetworkOptions {
  readonly device: DeviceName;
  readonly samples: Samples;
  /** Dimensions of the samples that it is fed. */
  readonly sampleShape: readonly number[];
  readonly batchSize?: number;
  /** Names of values inside the network that are wanted beside its output. */
  readonly features?: readonly string[];
}

/** Opens a network's file for prediction. The caller disposes of the predictor. */
export async function openNetwork(model: NetworkFile, options: OpenNetworkOptions): Promise<Predictor> {
  const { device, samples, features = [] } = options;
  const inside = features.filter((name) => name !== model.output);
  const proto = inside.length === 0 ? model.file.proto : exposeValues(model.file.proto, inside, model.graph);
  const source = proto === model.file.proto && !model.isAdapted ? model.file.path : encodeModel(proto);
  const session = await openSession(source, { device });
  const inputShape = batchShape(model, options);
  return new Predictor({ session, inputs: model.inputs, samples, inputShape, outputs: [model.output, ...inside] });
}

/** Opens a graph with one output for prediction. The caller disposes of the predictor. */
export async function openForward(graph: Graph, options: Omit<OpenNetworkOptions, 'features'>): Promise<Predictor> {
  const { device, samples } = options;
  const inputs = networkInputs(graph.inputs);
  const [batch, ...sample] = sampleInput(inputs).shape;
  const inputShape = predictionShape({ sample, batch: typeof batch === 'number' ? batch : undefined }, options);
  const session = await openSession(encodeModel(exportModel(graph, { name: 'forward' })), { device });
  return new Predictor({ session, inputs, samples, inputShape, outputs: graph.outputs.map(({ name }) => name) });
}

/** Dimensions of the batches that a network's file is fed, whatever their contents. */
export function batchShape(
  { sampleShape, fixedBatch }: NetworkFile,
  options: Pick<OpenNetworkOptions, 'sampleShape' | 'batchSize'>,
): readonly number[] {
  return predictionShape({ sample: sampleShape, batch: fixedBatch }, options);
}

/** Dimensions of the batches that a network is fed: of large samples few at a time, flattened where it takes vectors. */
function predictionShape(
  network: { readonly sample: Shape; readonly batch: number | undefined },
  { sampleShape, batchSize }: Pick<OpenNetworkOptions, 'sampleShape' | 'batchSize'>,
): readonly number[] {
  const values = elementCount(sampleShape);
  const usual = Math.min(PREDICTION_BATCH.samples, Math.max(1, Math.floor(PREDICTION_BATCH.values / values)));
  const flattened = network.sample.length === 1 && sampleShape.length > 1;
  return [network.batch ?? batchSize ?? usual, ...(flattened ? [values] : sampleShape)];
}
