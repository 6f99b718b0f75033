import type { Random } from '../data/random.ts';
import { batchesPerEpoch, shuffledBatches } from '../data/batches.ts';
import type { Split } from '../data/dataset.ts';
import { DistilleryError } from '../errors.ts';
import { scalarsAt } from '../objectives/scalars.ts';
import type { Graph } from '../onnx/graph.ts';
import type { FloatTensor } from '../onnx/tensor.ts';
import type { DeviceName, Network, Quality, RunEvent } from '../protocol/events.ts';
import { BatchFeeder, type Teaching } from './batchFeeder.ts';
import type { OpenEngine, TrainingEngine } from './engines/engine.ts';
import { OnnxRuntimeEngine } from './engines/onnxruntimeEngine.ts';
import { labelShapeOf, teachingShapes, type Lesson } from './lesson.ts';
import type { OptimizerOptions } from './optimizers/chooseOptimizer.ts';
import { Pace } from './pace.ts';
import { learningRateAt, type Schedule } from './schedule.ts';

/** The `training` section of an experiment, with every default filled in. */
export interface TrainingOptions extends Schedule, OptimizerOptions {
  readonly batchSize: number;
  readonly epochs: number;
  /** Norm that all gradients together are brought down to; by default they are left alone. */
  readonly clipNorm?: number | undefined;
  /** Decay of an exponential average of the weights, which is then what is validated and kept; by default there is none. */
  readonly averageDecay?: number | undefined;
  /** Decides what dropout drops. */
  readonly seed: number;
}

export interface TrainNetworkOptions extends Lesson {
  /** Which network this is, for the events. */
  readonly network: Network;
  /** Its forward graph, with the initial weights and a symbolic batch. */
  readonly graph: Graph;
  /** Names of the weights to train; by default all. */
  readonly trainable?: ReadonlySet<string>;
  readonly training: Split;
  readonly validation: Split;
  /** What the teachers make of the training samples; needed by terms with a teacher. */
  readonly teaching?: Teaching;
  readonly options: TrainingOptions;
  readonly device: DeviceName;
  /** What runs the steps; by default ONNX Runtime. */
  readonly openEngine?: OpenEngine;
  /** Decides the order of the samples. */
  readonly random: Random;
  /** Judges the outputs for the validation split. */
  readonly measure: (outputs: Float32Array) => Quality;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** A network after training: the weights of the epoch that was best on the validation split. */
export interface TrainedNetwork {
  readonly weights: ReadonlyMap<string, FloatTensor>;
  readonly bestEpoch: number;
  /** Of the best epoch, on the validation split. */
  readonly quality: Quality;
  /** True when the signal ended training early. */
  readonly stopped: boolean;
}

/** Step events are told at most this often. */
const STEP_EVENT_INTERVAL_MS = 100;

/** Samples in one batch of the validation pass. */
const VALIDATION_BATCH = 256;

/**
 * Trains a network for the given number of epochs and returns the best weights on the validation split: by accuracy, and
 * where that is equal, or there is none, by loss.
 * When the signal aborts it stops after the present step and returns the best so far; before the first epoch's end
 * that is the present weights.
 *
 * @throws DistilleryError `TRAINING` when the loss is no longer a number
 */
export async function trainNetwork(options: TrainNetworkOptions): Promise<TrainedNetwork> {
  const { options: training, validation } = options;
  const open = options.openEngine ?? ((network) => OnnxRuntimeEngine.open(network));
  const engine = await open({
    ...options,
    optimizer: training,
    clipNorm: training.clipNorm,
    averageDecay: training.averageDecay,
    seed: training.seed,
    batchSize: training.batchSize,
    predictionBatch: Math.min(VALIDATION_BATCH, validation.count),
  });
  try {
    return await runEpochs(options, engine);
  } finally {
    await engine.dispose();
  }
}

/** The best epoch so far. */
interface Best {
  readonly weights: ReadonlyMap<string, FloatTensor>;
  readonly epoch: number;
  readonly quality: Quality;
}

async function runEpochs(options: TrainNetworkOptions, engine: TrainingEngine): Promise<TrainedNetwork> {
  const { training, network, onEvent } = options;
  const isStopped = (): boolean => options.signal.aborted;
  const { batchSize, epochs } = options.options;
  const stepsPerEpoch = batchesPerEpoch(training.count, batchSize);
  const progress = new StepProgress(options, stepsPerEpoch);
  const { sampleShape, teaching } = options;
  const labelShape = labelShapeOf(options);
  const shapes = teachingShapes(options);
  const feeder = new BatchFeeder({ split: training, batchSize, sampleShape, labelShape, shapes, teaching });
  let best: Best | undefined;

  for (let epoch = 1; epoch <= epochs && !isStopped(); epoch++) {
    const epochLosses = new MeanLosses();
    const batches = [...shuffledBatches(training.count, batchSize, options.random)];
    let pending = feeder.assemble(batches[0] ?? []);
    for (let index = 0; index < batches.length && !isStopped(); index++) {
      const batch = await pending;
      const running = engine.run({ batch: { ...batch, ...progress.scalars() }, ...progress.moment() });
      const following = batches[index + 1];
      if (following) pending = feeder.assemble(following);
      await running;
      await progress.tick(engine, epoch, epochLosses, index === batches.length - 1);
    }
    if (isStopped()) break;
    const validation = await validate(options, engine);
    if (!validation) break;
    const improved = !best || isBetter(validation, best.quality);
    if (improved) best = { weights: await engine.readWeights(), epoch, quality: validation };
    onEvent({
      kind: 'epoch',
      network,
      epoch,
      epochs,
      step: progress.step,
      losses: epochLosses.means(),
      validation,
      best: improved,
    });
  }
  best ??= { weights: await engine.readWeights(), epoch: 0, quality: { accuracy: null, loss: NaN } };
  return { weights: best.weights, bestEpoch: best.epoch, quality: best.quality, stopped: isStopped() };
}

function isBetter(quality: Quality, best: Quality): boolean {
  const [accuracy, former] = [quality.accuracy ?? 0, best.accuracy ?? 0];
  return accuracy > former || (accuracy === former && quality.loss < best.loss);
}

/** Counts steps, tells about them and knows their learning rates. */
class StepProgress {
  readonly #options: TrainNetworkOptions;
  readonly #steps: number;
  readonly #pace = new Pace();
  #told = 0;
  step = 0;

  constructor(options: TrainNetworkOptions, stepsPerEpoch: number) {
    this.#options = options;
    this.#steps = stepsPerEpoch * options.options.epochs;
  }

  /** The coming step's number and learning rate. */
  moment(): { readonly step: number; readonly learningRate: number } {
    return { step: this.step + 1, learningRate: learningRateAt(this.#options.options, this.step, this.#steps) };
  }

  /** The scheduled weights and temperatures of the coming step. */
  scalars(): Record<string, Float32Array> {
    const scalars = scalarsAt(this.#options.objective, this.step / this.#steps);
    return Object.fromEntries([...scalars].map(([name, value]) => [name, Float32Array.of(value)]));
  }

  /** Notes a finished step. @throws DistilleryError `TRAINING` when its loss is not a number */
  async tick(engine: TrainingEngine, epoch: number, epochLosses: MeanLosses, isLast: boolean): Promise<void> {
    const { options, network, onEvent } = this.#options;
    const { learningRate } = this.moment();
    this.step++;
    this.#pace.tick();
    const now = performance.now();
    // On a GPU reading the losses waits for the step, so it is done only when they are told, and once an epoch at least.
    const isFree = this.#options.device === 'cpu';
    if (!isFree && now - this.#told < STEP_EVENT_INTERVAL_MS && this.step % 10 !== 0 && !isLast) return;
    const losses = await engine.losses();
    refuseDivergence(losses, this.step);
    epochLosses.add(losses);
    if (now - this.#told < STEP_EVENT_INTERVAL_MS) return;
    this.#told = now;
    const stepsPerSecond = this.#pace.stepsPerSecond;
    onEvent({
      kind: 'step',
      network,
      step: this.step,
      steps: this.#steps,
      epoch,
      epochs: options.epochs,
      losses,
      learningRate,
      samplesPerSecond: stepsPerSecond * options.batchSize,
      secondsLeft: stepsPerSecond > 0 ? (this.#steps - this.step) / stepsPerSecond : 0,
    });
  }
}

/** Means of the losses that were read in an epoch. */
class MeanLosses {
  readonly #sums = new Map<string, number>();
  #count = 0;

  add(losses: Readonly<Record<string, number>>): void {
    this.#count++;
    for (const [name, value] of Object.entries(losses)) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value);
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#count]));
  }
}

function refuseDivergence(losses: Readonly<Record<string, number>>, step: number): void {
  const diverged = Object.entries(losses).find(([, value]) => !Number.isFinite(value));
  if (!diverged) return;
  throw new DistilleryError(
    'TRAINING',
    `Training diverged: the loss '${diverged[0]}' is ${diverged[1]} at step ${step}.`,
    {
      hint: 'Lower training.learningRate, or check that the data has no infinite values.',
    },
  );
}

/** Undefined when the signal aborted in the middle; what was best before still is. */
async function validate(
  { measure, validation, signal }: TrainNetworkOptions,
  engine: TrainingEngine,
): Promise<Quality | undefined> {
  try {
    return measure(await engine.predict(validation, signal));
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'CANCELLED') return undefined;
    throw error;
  }
}
