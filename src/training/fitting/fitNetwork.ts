import type { Split } from '../../data/samples/split.ts';
import { writeTargets } from '../../data/targets.ts';
import { DistilleryError } from '../../errors.ts';
import type { EstimatorOptions, FittedEstimator } from '../../estimators/estimator.ts';
import { estimatorGraph, type EstimatorForm } from '../../estimators/estimatorGraph.ts';
import type { FitData, FitWatch } from '../../estimators/fitData.ts';
import { fitEstimator } from '../../estimators/fitEstimator.ts';
import type { Graph } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Network, RunEvent } from '../../protocol/events.ts';
import type { Quality } from '../../report/quality.ts';
import type { EndedBy } from '../../report/trainingEnd.ts';
import type { Batch, Teaching } from '../batchFeeder.ts';
import { labelShapeOf, targetInput, teacherInput, teachingShapes, type TrainingTask } from '../trainingTask.ts';
import { fittedTerms, type FittedTerm } from './fittedTerms.ts';
import { mixTargets, type KnownOfSamples } from './mixTargets.ts';

/** Samples that are read at once. */
const READ = 1024;

export interface FitNetworkOptions extends TrainingTask {
  /** Which network this is, for the events. */
  readonly network: Network;
  readonly estimator: EstimatorOptions;
  readonly training: Split;
  readonly validation: Split;
  /** What the teachers make of the training samples; needed by terms with a teacher. */
  readonly teaching?: Teaching | undefined;
  /** Logits of the teachers together for the validation split, where there are teachers. */
  readonly teacherValidation?: Float32Array | undefined;
  readonly seed: number;
  /** Judges the outputs for the validation split. */
  readonly measure: (outputs: Float32Array) => Quality;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** A model after its fit. */
export interface FittedNetwork {
  /** Forward graph with a symbolic batch. */
  readonly graph: Graph;
  readonly fitted: FittedEstimator;
  /** Rounds of the fit that are kept. */
  readonly bestEpoch: number;
  /** On the validation split. */
  readonly quality: Quality;
  readonly endedBy: EndedBy;
  readonly seconds: number;
}

/**
 * Fits a model that is no network to what the objective asks of every sample, and judges it on the validation split. Its counterpart for
 * networks is `trainNetwork`.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts: of a fit there is no best so far
 */
export async function fitNetwork(options: FitNetworkOptions): Promise<FittedNetwork> {
  const startedAt = performance.now();
  const { network, estimator, seed, validation, onEvent } = options;
  const told: Quality[] = [];
  const watch: FitWatch = {
    ...watchOf(options),
    onRound: ({ round, rounds, outputs, isBest }) => {
      const validation = options.measure(outputs);
      told.push(validation);
      onEvent({
        kind: 'epoch',
        network,
        epoch: round,
        epochs: rounds,
        step: round,
        losses: {},
        validation,
        best: isBest,
      });
    },
  };
  const terms = fittedTerms(options.objective);
  const training = await gather(options, terms, options.training, options.teaching);
  const judged = await gather(options, terms, validation, validationTeaching(options));
  const fitted = await fitEstimator(estimator, { training, validation: judged, seed, watch });
  const quality = options.measure(fitted.predict(judged.rows));
  const { rounds } = fitted;
  if (told.length === 0) {
    onEvent({ kind: 'epoch', network, epoch: 1, epochs: 1, step: 1, losses: {}, validation: quality, best: true });
  }
  return {
    graph: estimatorGraph(fitted, formOf(options)),
    fitted,
    bestEpoch: told.length === 0 ? 1 : rounds,
    quality,
    endedBy: 'fitted',
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** What a model for a task takes and gives. */
function formOf({
  task,
  sampleShape,
  outputShape,
}: Pick<TrainingTask, 'task' | 'sampleShape' | 'outputShape'>): EstimatorForm {
  return {
    sampleShape,
    output:
      task === 'classification'
        ? { kind: 'classes', classes: outputShape[0] ?? 0 }
        : { kind: 'numbers', shape: outputShape },
  };
}

function watchOf({ network, signal, onEvent }: FitNetworkOptions): FitWatch {
  const phase = network === 'teacher' ? 'train-teacher' : network;
  return {
    pause: () =>
      new Promise((resolve, reject) => {
        setImmediate(() => {
          if (signal.aborted) reject(new DistilleryError('CANCELLED', 'Stopped.'));
          else resolve();
        });
      }),
    onProgress: (done, total) => {
      onEvent({ kind: 'progress', phase, done, total });
    },
  };
}

/** What was said of the validation split in the form in which the training split is taught: by one teacher, as they all are together. */
function validationTeaching({ teacherValidation, outputShape }: FitNetworkOptions): Teaching | undefined {
  if (!teacherValidation) return undefined;
  const width = elementCount(outputShape);
  return {
    write: ({ indices }, target) => {
      const rows = target[teacherInput(0)];
      for (let row = 0; rows && row < indices.length; row++) {
        const start = (indices[row] ?? 0) * width;
        rows.set(teacherValidation.subarray(start, start + width), row * width);
      }
      return Promise.resolve();
    },
  };
}

/** Reads the samples of a split, and makes a target of what the terms say of each. */
async function gather(
  options: FitNetworkOptions,
  terms: readonly FittedTerm[],
  split: Split,
  teaching: Teaching | undefined,
): Promise<FitData> {
  const { sampleShape, outputShape, signal, task } = options;
  const features = elementCount(sampleShape);
  const width = elementCount(outputShape);
  const isTraining = split === options.training;
  const { count } = split;
  const values = new Float32Array(count * features);
  const targets = new Float32Array(count * width);
  const weights = new Float32Array(count);
  for (let start = 0; start < count; start += READ) {
    if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
    const indices = Int32Array.from({ length: Math.min(READ, count - start) }, (_, index) => start + index);
    const end = start + indices.length;
    const samples = values.subarray(start * features, end * features);
    await split.read(indices, samples);
    const labels = labelShapeOf(options) && new Float32Array(indices.length * width);
    if (labels) writeTargets(split.targets, width, indices, labels);
    const batch = roomFor(options, indices.length, isTraining);
    if (teaching) await teaching.write({ indices, samples, epoch: 1 }, batch);
    const known: KnownOfSamples = {
      count: indices.length,
      width,
      labels,
      ...saidIn(options, batch, teaching, isTraining),
    };
    mixTargets(terms, known, targets.subarray(start * width, end * width), weights.subarray(start, end));
  }
  const kind = task === 'classification' ? 'classes' : 'numbers';
  const isEven = weights.every((weight) => weight === weights[0]);
  return {
    rows: { count, features, values },
    targets: { kind, width, values: targets, ...(!isEven && { weights }) },
  };
}

/** Room for what the teachers say of some samples. */
function roomFor(options: FitNetworkOptions, count: number, isTraining: boolean): Batch {
  const one = [[teacherInput(0), options.outputShape]] as const;
  const shapes = isTraining ? teachingShapes(options) : new Map(one);
  return Object.fromEntries([...shapes].map(([name, shape]) => [name, new Float32Array(count * elementCount(shape))]));
}

function saidIn(
  { teacherWeights = [1] }: FitNetworkOptions,
  batch: Batch,
  teaching: Teaching | undefined,
  isTraining: boolean,
): Pick<KnownOfSamples, 'teachers' | 'prepared'> {
  const none = new Float32Array(0);
  if (!teaching) return { teachers: [], prepared: new Map() };
  const shares = isTraining ? teacherWeights : [1];
  const prefix = targetInput('');
  const prepared = Object.entries(batch).filter(([name]) => name.startsWith(prefix));
  return {
    teachers: shares.map((weight, index) => ({ outputs: batch[teacherInput(index)] ?? none, weight })),
    prepared: new Map(prepared.map(([name, rows]) => [name.slice(prefix.length), rows])),
  };
}
