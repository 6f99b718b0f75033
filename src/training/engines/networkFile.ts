import { DistilleryError } from '../../errors.ts';
import type { SamplePart, Samples } from '../../data/task.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import { exposeValues } from '../../onnx/exposeValues.ts';
import { encodeModel, loadModel, type ModelFile } from '../../onnx/file.ts';
import { importGraph } from '../../onnx/importing/importGraph.ts';
import { mayNotEnd } from '../../onnx/cost/mayNotEnd.ts';
import { refuseGiants } from '../../onnx/cost/refuseGiants.ts';
import type { Graph } from '../../onnx/graph.ts';
import { numericShape } from '../../onnx/shapes/rule.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { elementCount, type Shape } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { fileInputs, networkInputs, sampleInput, takenShape, type NetworkInput } from '../networkInputs.ts';
import { plainName } from '../sampleParts.ts';
import { AskedNetwork } from './asking/askedNetwork.ts';
import { networkOf, type OpenedNetwork } from './openedNetwork.ts';
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
  /** The file's model where only ONNX Runtime knows what is in it; `graph` then has one node that stands for it. */
  readonly foreign?: ModelProto | undefined;
}

/**
 * Samples that a network of free batch size takes at once, and the most values that they, and any value that is computed of them, may have
 * together.
 */
const PREDICTION_BATCH = { samples: 256, values: 2 ** 21, computed: 2 ** 26 };

interface ReadOptions {
  readonly sampleShape?: readonly number[];
  readonly samples?: Samples;
  readonly output?: string;
}

/**
 * Reads a network and finds its inputs and its output, which is the first unless another is named.
 *
 * @param options.sampleShape dimensions of the samples that it will be fed, which bind those that the file leaves open
 * @param options.samples what these are, whose parts several inputs take
 * @throws DistilleryError when the file cannot be read or its inputs are not understood
 */
export async function loadNetwork(path: string, options: ReadOptions = {}): Promise<NetworkFile> {
  return readNetwork(await loadModel(path), options);
}

/** The network in a file that was read; see `loadNetwork`. @throws DistilleryError when its inputs are not understood */
export function readNetwork(file: ModelFile, options: ReadOptions = {}): NetworkFile {
  const { sampleShape, samples } = options;
  const graph = importGraph(file.proto, { batch: 1, bind: openDimensions(file.proto, sampleShape, samples) });
  refuseGiants(graph);
  const inputs = fileInputs(file.proto, graph.inputs, samples);
  const output =
    options.output === undefined
      ? // A label, as a whole number, may come before the numbers that it was decided from.
        (graph.outputs.find(({ type }) => type === 'float32' || type === 'float64') ?? graph.outputs[0])
      : graph.outputs.find(({ name }) => name === options.output);
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
    sampleShape: takenShape(inputs),
    outputShape: output.shape.slice(1),
    fixedBatch: typeof batch === 'number' ? batch : undefined,
    isAdapted: file.isChanged || file.hidesShapes === true,
  };
}

/** Numbers for the dimensions of a model's inputs, beside the batch, that the file leaves open: those of a sample, or of its parts. */
export function openDimensions(
  proto: ModelProto,
  sampleShape: readonly number[] | undefined,
  samples?: { readonly kind: string; readonly parts?: readonly SamplePart[] },
): Record<string, number> {
  const bound: Record<string, number> = {};
  for (const { name } of proto.graph?.input ?? []) {
    const shape = declaredShape(proto, name)?.slice(1) ?? [];
    const part = samples?.parts?.find((one) => plainName(one.name) === plainName(name));
    const sizes = part?.shape.length === shape.length ? part.shape : sampleShape;
    if (shape.length !== sizes?.length) continue;
    shape.forEach((dimension, axis) => {
      if (typeof dimension === 'string') bound[dimension] = sizes[axis] ?? 0;
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
  /** True to time it: also one of which nobody knows whether it comes to an end is then opened in this process, after it came to one elsewhere. */
  readonly isTimed?: boolean;
}

/**
 * Opens a network's file for prediction: one that may compute without an end, or take any amount of memory, in a process of its own. The
 * caller disposes of the predictor.
 */
export async function openNetwork(model: NetworkFile, options: OpenNetworkOptions): Promise<Predictor> {
  const { device, samples, features = [] } = options;
  const inside = features.filter((name) => name !== model.output);
  const proto = inside.length === 0 ? model.file.proto : exposeValues(model.file.proto, inside, model.graph);
  const source = proto === model.file.proto && !model.isAdapted ? model.file.path : encodeModel(proto);
  const { path, bytes: modelBytes } = model.file;
  const inputShape = batchShape(model, options);
  const outputs = [model.output, ...inside];
  const around = (network: OpenedNetwork): Predictor =>
    new Predictor({ network, inputs: model.inputs, samples, inputShape, outputs, path });
  if (needsWatching(model, options)) {
    const asked = around(await AskedNetwork.open(source, { device, path, modelBytes }));
    if (options.isTimed !== true) return asked;
    try {
      await asked.runOnce();
    } finally {
      await asked.dispose();
    }
  }
  return around(networkOf(await openSession(source, { device })));
}

/** Whether a network may take any amount of time or memory for samples of this shape. */
function needsWatching({ foreign, graph, file }: NetworkFile, { sampleShape }: OpenNetworkOptions): boolean {
  if (foreign) return true;
  if (!mayNotEnd(graph)) return false;
  // Without the samples' shape, every size that the file leaves open is unknown.
  return mayNotEnd(importGraph(file.proto, { batch: 1, bind: openDimensions(file.proto, sampleShape) }));
}

/** Opens a graph with one output for prediction. The caller disposes of the predictor. */
export async function openForward(graph: Graph, options: Omit<OpenNetworkOptions, 'features'>): Promise<Predictor> {
  const { device, samples } = options;
  const inputs = networkInputs(graph.inputs, samples);
  const [batch] = sampleInput(inputs).shape;
  const sample = takenShape(inputs);
  const inputShape = predictionShape({ sample, batch: typeof batch === 'number' ? batch : undefined, graph }, options);
  const network = networkOf(await openSession(encodeModel(exportModel(graph, { name: 'forward' })), { device }));
  return new Predictor({ network, inputs, samples, inputShape, outputs: graph.outputs.map(({ name }) => name) });
}

/** Dimensions of the batches that a network's file is fed, whatever their contents. */
export function batchShape(
  { sampleShape, fixedBatch, graph }: NetworkFile,
  options: Pick<OpenNetworkOptions, 'sampleShape' | 'batchSize'>,
): readonly number[] {
  return predictionShape({ sample: sampleShape, batch: fixedBatch, graph }, options);
}

/** Dimensions of the batches that a network is fed: of large samples few at a time, flattened where it takes vectors. */
function predictionShape(
  network: { readonly sample: Shape; readonly batch: number | undefined; readonly graph: Graph },
  { sampleShape, batchSize }: Pick<OpenNetworkOptions, 'sampleShape' | 'batchSize'>,
): readonly number[] {
  const values = elementCount(sampleShape);
  const fitting = Math.min(
    PREDICTION_BATCH.values / values,
    PREDICTION_BATCH.computed / largestValue(network.graph),
    PREDICTION_BATCH.samples,
  );
  const usual = Math.max(1, Math.floor(fitting));
  const flattened = network.sample.length === 1 && sampleShape.length > 1;
  return [network.batch ?? batchSize ?? usual, ...(flattened ? [values] : sampleShape)];
}

/** Numbers of the largest value that a graph computes, as far as its sizes are known. */
function largestValue(graph: Graph): number {
  let largest = 1;
  for (const { outputs } of graph.nodes) {
    for (const value of outputs) largest = Math.max(largest, elementCount(numericShape(value?.shape ?? []) ?? []));
  }
  return largest;
}
