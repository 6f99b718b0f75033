import { Random } from '../data/random.ts';
import { batchesPerEpoch, shuffledBatches } from '../data/batches.ts';
import { DistilleryError, isCancellation } from '../errors.ts';
import type { Quality } from '../report/quality.ts';
import type { EndedBy } from '../report/trainingEnd.ts';
import { BatchFeeder, type Batch, type PreparedBatches } from './batchFeeder.ts';
import type { BestEpoch, TrainingCheckpoint } from './checkpoints/checkpoint.ts';
import { Checkpoints } from './checkpoints/checkpointTiming.ts';
import type { TrainingEngine } from './engines/engine.ts';
import { drawLastLayer, drawLogits, type DrawToShares } from './epochByParts/drawToShares.ts';
import { isBetter } from './isBetter.ts';
import { bytesOfSample, labelShapeOf, teachingShapes } from './trainingTask.ts';
import { MeanLosses } from './meanLosses.ts';
import { openTrainingEngine } from './openTrainingEngine.ts';
import type { TrainedNetwork, TrainNetworkOptions } from './trainNetworkOptions.ts';
import { LengthKeeper } from './budget/lengthKeeper.ts';
import { RunLength } from './runLength.ts';
import { StepProgress } from './stepProgress.ts';
import { endAfterEpoch, plannedSteps } from './stopConditions.ts';

const CHECKPOINT_MINUTES = 5;

/**
 * Trains a network until one of its stop conditions is met and returns the best weights on the validation split: by
 * accuracy, and where that is equal, or there is none, by loss; or those of an epoch that was decided before.
 * When the signal aborts it stops after the present step and returns the best so far; before the first epoch's end
 * that is the present weights. A training that goes on from a checkpoint ends with the very weights that it would have
 * ended with, had it not been interrupted.
 *
 * @throws DistilleryError `DIVERGED` when the loss is no longer a number, `BAD_INPUT` when the checkpoint is of another training
 */
export async function trainNetwork(options: TrainNetworkOptions): Promise<TrainedNetwork> {
  const engine = await openTrainingEngine(options);
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
  #startedAt: number;
  #epoch = 1;
  /** Where the generator stood when the epoch began. */
  #order: Random['state'];
  #batchesDone = 0;
  #losses = new MeanLosses();
  readonly #runLength: RunLength;
  readonly #length: LengthKeeper;
  #best: BestEpoch | undefined;
  #isPlacementTold = false;
  /** Seconds in which batches were waited for. */
  #waited = 0;

  constructor(options: TrainNetworkOptions, engine: TrainingEngine) {
    const { options: training, checkpoints } = options;
    const stored = checkpoints?.stored;
    this.#options = options;
    this.#engine = engine;
    this.#runLength = new RunLength(engine.mostSteps, training.batchSize * bytesOfSample(options));
    this.#batchesPerEpoch = batchesPerEpoch(options.training.count, training.batchSize);
    const askedEpochs = options.teaching ? (options.batchAugmentation?.views ?? 0) : 0;
    this.#length = new LengthKeeper(
      { ...training, askedSteps: askedEpochs * this.#batchesPerEpoch },
      plannedSteps(training, this.#batchesPerEpoch),
      stored?.length,
    );
    this.#progress = new StepProgress({
      ...options,
      timeline: this.#length.timeline,
      stepsPerEpoch: this.#batchesPerEpoch,
      timeLeft: () => (training.maxMinutes ?? Infinity) * 60 - this.#seconds,
      done: stored?.step ?? 0,
    });
    this.#feeder = new BatchFeeder({
      split: options.training,
      batchSize: training.batchSize,
      sampleShape: options.sampleShape,
      labelShape: labelShapeOf(options),
      shapes: teachingShapes(options),
      teaching: options.teaching,
      batchAugmentation: options.batchAugmentation,
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
    if (this.#options.isJudgedOnce === true && !endedByStep) {
      this.#beginEpoch();
      return undefined;
    }
    const validation = endedByStep === 'stopped' ? undefined : await this.#validate();
    if (!validation) {
      await this.#checkpoints?.save(await this.#checkpoint());
      return 'stopped';
    }
    const endedByEpoch = await this.#endEpoch(validation);
    if (endedByStep ?? endedByEpoch) return endedByStep ?? endedByEpoch;
    this.#beginEpoch();
    if (this.#checkpoints?.isDueAfterEpoch === true) await this.#checkpoints.save(await this.#checkpoint());
    return undefined;
  }

  #beginEpoch(): void {
    this.#epoch++;
    this.#order = this.#random.state;
    this.#batchesDone = 0;
    this.#losses = new MeanLosses();
  }

  /** Does the steps of the epoch that are left and returns why the training ends in the middle of it, if it does. */
  async #runSteps(): Promise<EndedBy | undefined> {
    const { training, options, signal, pauseAfter = Infinity } = this.#options;
    const batches = [...shuffledBatches(training.count, options.batchSize, this.#random, training.stream?.blocks)];
    this.#feeder.announce(batches.slice(this.#batchesDone));
    /** The batches of the coming run, or of the one after so many batches. */
    const prepare = async (ahead: number): Promise<PreparedBatches | undefined> => {
      const [first, step] = [this.#batchesDone + ahead, this.#progress.step + ahead];
      const count = Math.min(this.#runLength.steps, this.#length.mostSteps - step, pauseAfter - step);
      const run = batches.slice(first, first + count);
      return this.#feeder.prepareAll(
        run.map((indices, index) => ({ indices, step: step + index + 1, epoch: this.#epoch })),
      );
    };
    let prepared = await prepare(0);
    while (prepared) {
      await this.#rest();
      if (signal.aborted) return 'stopped';
      const run = await this.#wait(prepared);
      if (!run) return 'stopped';
      // Before the run, which keeps this thread busy: what is altered in another thread is altered meanwhile.
      prepared = await prepare(run.length);
      await this.#run(run, !prepared);
      if (this.#progress.step >= pauseAfter) return 'stopped';
      const ended = this.#length.endAfterStep({ step: this.#progress.step, seconds: this.#seconds });
      if (ended) return ended;
      if (prepared && this.#checkpoints?.isDue === true) await this.#checkpoints.save(await this.#checkpoint());
    }
    return signal.aborted ? 'stopped' : undefined;
  }

  /** Waits until batches are whole, and takes the time. Undefined when the run was stopped meanwhile. */
  async #wait(prepared: PreparedBatches): Promise<Batch[] | undefined> {
    const from = performance.now();
    const run = await unlessStopped(prepared);
    this.#waited += (performance.now() - from) / 1000;
    return run;
  }

  /** Waits while there is a pause. A process that ends meanwhile loses nothing. */
  async #rest(): Promise<void> {
    const { pause, signal } = this.#options;
    if (pause?.isPaused !== true) return;
    await this.#checkpoints?.save(await this.#checkpoint());
    const waited = await pause.rest(signal);
    this.#startedAt += waited;
    this.#progress.rest(waited);
  }

  /** Does a step with each of the batches. */
  async #run(batches: readonly Batch[], isLast: boolean): Promise<void> {
    const startedAt = performance.now();
    await this.#engine.run(batches.map((batch, ahead) => this.#progress.moment(batch, ahead)));
    this.#runLength.note(batches.length, performance.now() - startedAt);
    if (!this.#isPlacementTold) this.#tellPlacement();
    this.#batchesDone += batches.length;
    for (const batch of batches) this.#feeder.release(batch);
    await this.#progress.tick(this.#engine, {
      steps: batches.length,
      epoch: this.#epoch,
      losses: this.#losses,
      isLast,
    });
  }

  /** Tells which operators make every step on a device wait for the CPU. The baseline's are the student's. */
  #tellPlacement(): void {
    this.#isPlacementTold = true;
    const { network, device, onEvent } = this.#options;
    const { operatorsOnCpu } = this.#engine;
    if (operatorsOnCpu.length === 0 || network === 'baseline') return;
    const message =
      `${device} leaves operators of the ${network}'s training step to the CPU: ${operatorsOnCpu.join(', ')}. ` +
      'Every step waits for copies to and fro, which makes it slower than it could be.';
    onEvent({ kind: 'warning', problem: { where: 'device', message } });
  }

  /** Notes how well the epoch did and returns why the training ends with it, if it does. */
  async #endEpoch(validation: Quality): Promise<EndedBy | undefined> {
    const { network, options, onEvent } = this.#options;
    const improved = this.#isKept(validation);
    if (improved) {
      const [weights, draw] = [await this.#engine.readWeights(), this.#draw];
      this.#best = { weights: draw ? drawLastLayer(weights, draw) : weights, epoch: this.#epoch, quality: validation };
    }
    onEvent({
      kind: 'epoch',
      network,
      epoch: this.#epoch,
      epochs: Math.ceil(this.#length.timeline.end / this.#batchesPerEpoch),
      step: this.#progress.step,
      losses: this.#losses.means(),
      validation,
      best: improved,
    });
    const bestEpoch = this.#best?.epoch ?? this.#epoch;
    this.#length.note({
      step: this.#progress.step,
      seconds: this.#seconds,
      waited: this.#waited,
      loss: validation.loss,
    });
    return endAfterEpoch(options, { epoch: this.#epoch, bestEpoch, accuracy: validation.accuracy });
  }

  /** Whether the weights are to be kept as they are now. Up to the epoch that is to be kept, the best so far are: the training may be stopped. */
  #isKept(validation: Quality): boolean {
    const { keptEpoch = Infinity } = this.#options;
    if (this.#epoch >= keptEpoch) return this.#epoch === keptEpoch;
    return !this.#best || isBetter(validation, this.#best.quality);
  }

  /** Undefined when the signal aborted in the middle; what was best before still is. */
  async #validate(): Promise<Quality | undefined> {
    const { measure, validation, signal } = this.#options;
    const [outputs, draw] = [await unlessStopped(() => this.#engine.predict(validation, signal)), this.#draw];
    return outputs && measure(draw ? drawLogits(outputs, draw) : outputs);
  }

  /** How what the network says is drawn after the present epoch. */
  get #draw(): DrawToShares | undefined {
    const { keptEpoch, draw } = this.#options;
    return this.#epoch === keptEpoch ? draw : undefined;
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
      length: this.#length.stored,
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
    if (isCancellation(error)) return undefined;
    throw error;
  }
}
