import { DistilleryError } from '../../errors.ts';
import { loadModel, type ModelFile } from '../../onnx/file.ts';
import { importGraph } from '../../onnx/import.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { Predictor } from './predictor.ts';
import { openSession } from './session.ts';

/** A classifier that was read from its file and understood, but does not run yet. */
export interface Classifier {
  readonly file: ModelFile;
  /** Its forward graph at batch 1. */
  readonly graph: Graph;
  readonly input: string;
  readonly output: string;
  /** Dimensions of one sample. */
  readonly sampleShape: readonly number[];
  readonly classes: number;
  /** The batch size that the file insists on; undefined when any will do. */
  readonly fixedBatch: number | undefined;
}

/** Samples that a classifier of free batch size takes at once. */
const PREDICTION_BATCH = 256;

/**
 * Reads a classifier and finds its input, its output and the number of its classes.
 * @throws DistilleryError when the file cannot be read or is not a classifier of one input
 */
export async function loadClassifier(path: string): Promise<Classifier> {
  const file = await loadModel(path);
  const graph = importGraph(file.proto, { batch: 1 });
  const [input, ...otherInputs] = graph.inputs;
  const [output] = graph.outputs;
  if (!input || !output || otherInputs.length > 0) {
    const names = graph.inputs.map(({ name }) => `'${name}'`).join(', ');
    throw new DistilleryError(
      'UNSUPPORTED',
      `A classifier has one input and one output that matters; '${path}' has the inputs ${names || 'none'}.`,
    );
  }
  if (input.type !== 'float32') {
    throw new DistilleryError('UNSUPPORTED', `The input '${input.name}' is ${input.type}; float32 is needed.`);
  }
  const outputShape = dimensionsOf(output);
  if (outputShape.length !== 2) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `The output '${output.name}' has shape [${outputShape.join(', ')}]; a classifier's is [batch, classes].`,
    );
  }
  const declared = file.proto.graph?.input.find(({ name }) => name === input.name)?.type?.value;
  const batch = declared?.case === 'tensorType' ? declared.value.shape?.dim[0]?.value : undefined;
  const fixedBatch = batch?.case === 'dimValue' && batch.value > 0n ? Number(batch.value) : undefined;
  return {
    file,
    graph,
    input: input.name,
    output: output.name,
    sampleShape: dimensionsOf(input).slice(1),
    classes: outputShape[1] ?? 0,
    fixedBatch,
  };
}

/** Opens a classifier's file for prediction. The caller disposes of the predictor. */
export async function openClassifier(
  model: Classifier,
  device: DeviceName,
  batchSize = PREDICTION_BATCH,
): Promise<Predictor> {
  const session = await openSession(model.file.path, { device });
  const inputShape = [model.fixedBatch ?? batchSize, ...model.sampleShape];
  return new Predictor({ session, input: model.input, output: model.output, inputShape });
}
