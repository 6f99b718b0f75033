import { Random } from '../data/random.ts';
import { batchesPerEpoch, shuffledBatches } from '../data/batches.ts';
import type { Split } from '../data/dataset.ts';
import { DistilleryError } from '../errors.ts';
import type { Graph } from '../onnx/graph.ts';
import { elementCount, type FloatTensor } from '../onnx/tensor.ts';
import type { DeviceName, EndedBy, Network, Quality, RunEvent } from '../protocol/events.ts';
import type { Alteration } from './alteration.ts';
import { BatchFeeder, type Batch, type PreparedBatches, type Teaching } from './batchFeeder.ts';
import type { BestEpoch, TrainingCheckpoint } from './checkpoint.ts';
import { Checkpoints, type CheckpointStore } from './checkpoints.ts';
import type { OpenEngine, TrainingEngine } from './engines/engine.ts';
import { OnnxRuntimeEngine } from './engines/onnxruntimeEngine.ts';
import { labelShapeOf, teachingShapes, type Lesson } from './lesson.ts';
import { MeanLosses } from './meanLosses.ts';
import type { OptimizerOptions } from './optimizers/chooseOptimizer.ts';
import type { TrainingPrecision } from './precision/trainingPrecision.ts';
import type { Schedule } from './schedule.ts';
import { RunLength } from './runLength.ts';
import { StepProgress } from './stepProgress.ts';
import { endAfterEpoch, endAfterStep, plannedSteps, type StopConditions } from './stopConditions.ts';

/** The `training` section of an experiment, with every default filled in. */
export interface TrainingOptions extends Schedule, OptimizerOptions, StopConditions {
  readonly batchSize: number;
  /** Norm that all gradients together are brought down to; by default they are left alone. */
  readonly clipNorm?: number | undefined;
  /** Decay of an exponential average of the weights, which is then what is validated and kept; by default there is none. */
  readonly averageDecay?: number | undefined;
  /** What network and gradients are computed in; by default float32. */
  readonly precision?: TrainingPrecision | undefined;
  /** Segments of the forward pass that are computed again for the backward pass, to save memory; by default everything is kept. */
  readonly recomputeSegments?: number | undefined;
  /** Minutes after which a checkpoint is stored in the middle of an epoch; by default 5. */
  readonly checkpointMinutes?: number | undefined;
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
  /** How every batch is changed at random; by default not at all. */
  readonly alteration?: Alteration | undefined;
  readonly options: TrainingOptions;
  readonly device: DeviceName;
  /** What runs the steps; by default ONNX Runtime. */
  readonly openEngine?: OpenEngine;
  /** Decides the order of the samples. */
  readonly random: Random;
  /** Judges the outputs for the validation split. */
  readonly measure: (outputs: Float32Array) => Quality;
  /** Keeps what the training needs to go on after it was killed; by default nothing is kept. */
  readonly checkpoints?: CheckpointStore;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** A network after training: the weights of the epoch that was best on the validation split. */
export interface TrainedNetwork {
  readonly weights: ReadonlyMap<string, FloatTensor>;
  readonly bestEpoch: number;
  /** Of the best epoch, on the validation split. */
  readonly quality: Quality;
  readonly endedBy: EndedBy;
  /** Time that the training took, over all its parts when it was resumed. */
  readonly seconds: number;
}

/** Samples in one batch of the validation pass. */
const VALIDATION_BATCH = 256;

const CHECKPOINT_MINUTES = 5;

/**
 * Trains a network until one of its stop conditions is met and returns the best weights on the validation split: by
 * accuracy, and where that is equal, or there is none, by loss.
 * When the signal aborts it stops after the present step and returns the best so far; before the first epoch's end
 * that is the present weights. A training that goes on from a checkpoint ends with the very weights that it would have
 * ended with, had it not been interrupted.
 *
 * @throws DistilleryError `TRAINING` when the loss is no longer a number, `BAD_INPUT` when the checkpoint is of another training
 */
export async function trainNetwork(options: TrainNetworkOptions): Promise<TrainedNetwork> {
  const { options: training, validation } = options;
  const open = options.openEngine ?? ((network) => OnnxRuntimeEngine.open(network));
  const engine = await open({
    ...options,
    optimizer: training,
    clipNorm: training.clipNorm,
    averageDecay: training.averageDecay,
    precision: training.precision,
    recomputeSegments: training.recomputeSegments,
    seed: training.seed,
    batchSize: training.batchSize,
    predictionBatch: Math.min(VALIDATION_BATCH, validation.count),
  });
  try {
    const training = new Training(options, engine);
    try {
      return await training.run();
    } finally {
      await training.dispose();
    }
  } finally {
    await engine.dispose();
  }
}

/** One training under way. */
class Training {
  readonly #options: TrainNetworkOptions;
  readonly #engine: TrainingEngine;
  readonly #batchesPerEpoch: number;
  readonly #progress: StepProgress;
  readonly #feeder: BatchFeeder;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #random: Random;
  readonly #startedAt: number;
  #epoch = 1;
  /** Where the generator stood when the epoch began. */
  #order: Random['state'];
  #batchesDone = 0;
  #losses = new MeanLosses();
  readonly #runLength: RunLength;
  #best: BestEpoch | undefined;

  constructor(options: TrainNetworkOptions, engine: TrainingEngine) {
    const { options: training, checkpoints } = options;
    const stored = checkpoints?.stored;
    this.#options = options;
    this.#engine = engine;
    this.#runLength = new RunLength(engine.mostSteps, 4 * training.batchSize * elementCount(options.sampleShape));
    this.#batchesPerEpoch = batchesPerEpoch(options.training.count, training.batchSize);
    this.#progress = new StepProgress({
      ...options,
      steps: plannedSteps(training, this.#batchesPerEpoch),
      done: stored?.step ?? 0,
    });
    this.#feeder = new BatchFeeder({
      split: options.training,
      batchSize: training.batchSize,
      sampleShape: options.sampleShape,
      labelShape: labelShapeOf(options),
      shapes: teachingShapes(options),
      teaching: options.teaching,
      alteration: options.alteration,
    });
    this.#checkpoints = checkpoints && new Checkpoints(checkpoints, training.checkpointMinutes ?? CHECKPOINT_MINUTES);
    this.#random = stored ? Random.from(stored.order) : options.random;
    this.#order = this.#random.state;
    this.#startedAt = performance.now() - (stored?.seconds ?? 0) * 1000;
    if (stored) this.#restore(stored);
  }

  async run(): Promise<TrainedNetwork> {
    let endedBy: EndedBy | undefined;
    while (!endedBy) endedBy = await this.#runEpoch();
    const best = this.#best ?? {
      weights: await this.#engine.readWeights(),
      epoch: 0,
      quality: { accuracy: null, loss: NaN },
    };
    return { weights: best.weights, bestEpoch: best.epoch, quality: best.quality, endedBy, seconds: this.#seconds };
  }

  async dispose(): Promise<void> {
    await this.#feeder.dispose();
  }

  get #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  /** Does what is left of the epoch and returns why the training ends with it, if it does. */
  async #runEpoch(): Promise<EndedBy | undefined> {
    const endedByStep = await this.#runSteps();
    const validation = endedByStep === 'stopped' ? undefined : await this.#validate();
    if (!validation) {
      await this.#checkpoints?.save(await this.#checkpoint());
      return 'stopped';
    }
    const endedByEpoch = await this.#endEpoch(validation);
    if (endedByStep ?? endedByEpoch) return endedByStep ?? endedByEpoch;
    this.#epoch++;
    this.#order = this.#random.state;
    this.#batchesDone = 0;
    this.#losses = new MeanLosses();
    if (this.#checkpoints?.isDueAfterEpoch === true) await this.#checkpoints.save(await this.#checkpoint());
    return undefined;
  }

  /** Does the steps of the epoch that are left and returns why the training ends in the middle of it, if it does. */
  async #runSteps(): Promise<EndedBy | undefined> {
    const { training, options, signal } = this.#options;
    const batches = [...shuffledBatches(training.count, options.batchSize, this.#random)];
    this.#feeder.announce(batches.slice(this.#batchesDone));
    /** The batches of the coming run, or of the one after so many batches. */
    const prepare = async (ahead: number): Promise<PreparedBatches | undefined> => {
      const [first, step] = [this.#batchesDone + ahead, this.#progress.step + ahead];
      const count = Math.min(this.#runLength.steps, (options.maxSteps ?? Infinity) - step);
      const run = batches.slice(first, first + count);
      return this.#feeder.prepareAll(
        run.map((indices, index) => ({ indices, step: step + index + 1, epoch: this.#epoch })),
      );
    };
    let prepared = await prepare(0);
    while (prepared) {
      if (signal.aborted) return 'stopped';
      const run = await unlessStopped(prepared);
      if (!run) return 'stopped';
      // Before the run, which keeps this thread busy: what is altered in another thread is altered meanwhile.
      prepared = await prepare(run.length);
      await this.#run(run, !prepared);
      const ended = endAfterStep(options, { step: this.#progress.step, seconds: this.#seconds });
      if (ended) return ended;
      if (prepared && this.#checkpoints?.isDue === true) await this.#checkpoints.save(await this.#checkpoint());
    }
    return signal.aborted ? 'stopped' : undefined;
  }

  /** Does a step with each of the batches. */
  async #run(batches: readonly Batch[], isLast: boolean): Promise<void> {
    const startedAt = performance.now();
    await this.#engine.run(batches.map((batch, ahead) => this.#progress.moment(batch, ahead)));
    this.#runLength.note(batches.length, performance.now() - startedAt);
    this.#batchesDone += batches.length;
    for (const batch of batches) this.#feeder.release(batch);
    await this.#progress.tick(this.#engine, {
      steps: batches.length,
      epoch: this.#epoch,
      losses: this.#losses,
      isLast,
    });
  }

  /** Notes how well the epoch did and returns why the training ends with it, if it does. */
  async #endEpoch(validation: Quality): Promise<EndedBy | undefined> {
    const { network, options, onEvent } = this.#options;
    const improved = !this.#best || isBetter(validation, this.#best.quality);
    if (improved) {
      this.#best = { weights: await this.#engine.readWeights(), epoch: this.#epoch, quality: validation };
    }
    onEvent({
      kind: 'epoch',
      network,
      epoch: this.#epoch,
      epochs: options.epochs,
      step: this.#progress.step,
      losses: this.#losses.means(),
      validation,
      best: improved,
    });
    const bestEpoch = this.#best?.epoch ?? this.#epoch;
    return endAfterEpoch(options, { epoch: this.#epoch, bestEpoch, accuracy: validation.accuracy });
  }

  /** Undefined when the signal aborted in the middle; what was best before still is. */
  async #validate(): Promise<Quality | undefined> {
    const { measure, validation, signal } = this.#options;
    const outputs = await unlessStopped(() => this.#engine.predict(validation, signal));
    return outputs && measure(outputs);
  }

  async #checkpoint(): Promise<TrainingCheckpoint> {
    return {
      epoch: this.#epoch,
      batchesDone: this.#batchesDone,
      batchesPerEpoch: this.#batchesPerEpoch,
      step: this.#progress.step,
      seconds: this.#seconds,
      order: this.#order,
      losses: this.#losses.stored,
      best: this.#best,
      state: await this.#engine.readState(),
    };
  }

  #restore(stored: TrainingCheckpoint): void {
    if (stored.batchesPerEpoch !== this.#batchesPerEpoch) {
      throw new DistilleryError(
        'BAD_INPUT',
        `The training that was stored has ${stored.batchesPerEpoch} batches in an epoch; with this dataset there are ${this.#batchesPerEpoch}.`,
        { hint: 'Start the experiment anew, or bring the dataset back to what it was.' },
      );
    }
    this.#engine.writeState(stored.state);
    this.#epoch = stored.epoch;
    this.#batchesDone = stored.batchesDone;
    this.#losses = new MeanLosses(stored.losses);
    this.#best = stored.best;
  }
}

/** Undefined when the work ended because the run was stopped. */
async function unlessStopped<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'CANCELLED') return undefined;
    throw error;
  }
}

function isBetter(quality: Quality, best: Quality): boolean {
  const [accuracy, former] = [quality.accuracy ?? 0, best.accuracy ?? 0];
  return accuracy > former || (accuracy === former && quality.loss < best.loss);
}
