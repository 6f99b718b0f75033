import { batchesPerEpoch } from '../../data/batches.ts';
import type { Split } from '../../data/samples/split.ts';
import { DistilleryError } from '../../errors.ts';
import type { Quality } from '../../report/quality.ts';
import type { EndedBy } from '../../report/trainingEnd.ts';
import type { Teaching } from '../batchFeeder.ts';
import type { TrainingEngine } from '../engines/engine.ts';
import { orderOfSamples } from '../orderOfSamples.ts';
import { describeState } from '../step/parameters.ts';
import { openTrainingEngine } from '../openTrainingEngine.ts';
import { isBetter } from '../isBetter.ts';
import { MeanLosses } from '../meanLosses.ts';
import { trainNetwork } from '../trainNetwork.ts';
import type { TrainedNetwork, TrainNetworkOptions } from '../trainNetworkOptions.ts';
import { MeanOfWorkers, outerStep, type Vectors } from './outerStep.ts';
import type { Common, RoundFiles, ToldEpoch } from './roundFiles.ts';

/** What a worker trains on; nobody else sees it. */
export interface RoundWorker {
  readonly training: Split;
  readonly teaching: Teaching | undefined;
}

/** What one process of several does: a worker's part of a round, or what comes after all of these. Rounds are counted from 0. */
export type RoundPart =
  | { readonly kind: 'worker'; readonly round: number; readonly worker: number }
  | { readonly kind: 'merge'; readonly round: number };

export interface RoundsOptions {
  /** How many. */
  readonly workers: number;
  /** Opens what a worker trains on, where it is trained here. */
  readonly open: (worker: number) => Promise<RoundWorker>;
  /** Samples that the workers have together, by which the length of the training is counted. */
  readonly samples: number;
  /** Steps that a worker does between two merges. */
  readonly localSteps: number;
  readonly outerLearningRate: number;
  readonly outerMomentum: number;
  readonly files: RoundFiles;
  /** Only this part is done; by default all that is not. */
  readonly part?: RoundPart | undefined;
}

/** Steps of each worker, and rounds, of a training that sees as many samples as one worker would see of all. */
export function plannedRounds(
  options: { readonly epochs: number; readonly maxSteps?: number | undefined; readonly batchSize: number },
  { workers, samples, localSteps }: Pick<RoundsOptions, 'workers' | 'samples' | 'localSteps'>,
): { readonly steps: number; readonly rounds: number } {
  const { epochs, maxSteps = Infinity, batchSize } = options;
  const steps = Math.min(maxSteps, epochs * batchesPerEpoch(Math.round(samples / workers), batchSize));
  return { steps, rounds: Math.ceil(steps / localSteps) };
}

/**
 * Trains a network by workers that rarely speak with each other (DiLoCo, arXiv 2311.08105): each does its local steps on its own samples, with its
 * own optimizer, from weights that are common; then an outer step moves these by the mean change. Only weights travel, so that it is
 * also how sites train together that keep their data.
 *
 * What is done lies in files, and is not repeated: here the workers take turns in one process; where each part is given to a process of
 * its own, it comes to the same.
 *
 * @returns the best common weights on the validation split; `stopped` also where only a part was to be done
 * @throws DistilleryError `DIVERGED` when the loss is no longer a number, `BAD_FILE` when what another process left is damaged
 */
export async function trainInRounds(options: TrainNetworkOptions, rounds: RoundsOptions): Promise<TrainedNetwork> {
  const engine = await openTrainingEngine(options);
  try {
    return await new Rounds(options, rounds, engine, await engine.readState()).run();
  } finally {
    await engine.dispose();
  }
}

class Rounds {
  readonly #options: TrainNetworkOptions;
  readonly #rounds: RoundsOptions;
  readonly #engine: TrainingEngine;
  /** The state of a training that begins. */
  readonly #initial: Vectors;
  /** Names of the vectors that hold weights. */
  readonly #weights: ReadonlySet<string>;
  readonly #planned: { readonly steps: number; readonly rounds: number };

  constructor(options: TrainNetworkOptions, rounds: RoundsOptions, engine: TrainingEngine, initial: Vectors) {
    this.#options = options;
    this.#rounds = rounds;
    this.#engine = engine;
    this.#initial = initial;
    this.#weights = new Set(describeState(options.graph, options.trainable).trained.map(({ name }) => name));
    this.#planned = plannedRounds(options.options, rounds);
  }

  async run(): Promise<TrainedNetwork> {
    const startedAt = performance.now();
    const { part, files, workers } = this.#rounds;
    let common = (await files.readCommon()) ?? this.#begin();
    // A run that was killed forgets what came after the last training that is over, and other processes told it to nobody here.
    if (!part) for (const told of common.told) this.#tell(told);
    let endedBy: EndedBy = this.#options.options.maxSteps === this.#planned.steps ? 'maxSteps' : 'epochs';
    if (part) {
      endedBy = 'stopped';
      common = await this.#do(part, common);
    }
    while (!part && common.rounds < this.#planned.rounds) {
      for (let worker = 0; worker < workers; worker++) await this.#train(worker, common);
      if (this.#options.signal.aborted) {
        endedBy = 'stopped';
        break;
      }
      common = await this.#merge(common);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const { best } = common;
    if (best) return { weights: best.weights, bestEpoch: best.epoch, quality: best.quality, endedBy, seconds };
    this.#engine.writeState(this.#withCommon(common));
    const weights = await this.#engine.readWeights();
    return { weights, bestEpoch: 0, quality: { accuracy: null, loss: NaN }, endedBy, seconds };
  }

  /** What nobody has trained yet. */
  #begin(): Common {
    const vectors = new Map([...this.#initial].filter(([name]) => this.#isCommon(name)));
    return { rounds: 0, vectors, momentum: new Map(), told: [], best: undefined };
  }

  async #do(part: RoundPart, common: Common): Promise<Common> {
    // It was done before, and the process that did it was started anew.
    if (part.round < common.rounds) return common;
    if (part.round > common.rounds) {
      throw new DistilleryError('BAD_INPUT', `Round ${part.round} cannot begin: round ${common.rounds} is not merged.`);
    }
    if (part.kind === 'merge') return this.#merge(common);
    await this.#train(part.worker, common);
    return common;
  }

  /** Does a worker's steps of the round that follows, or what is left of them. */
  async #train(worker: number, common: Common): Promise<void> {
    const { files, localSteps, open } = this.#rounds;
    const { options, signal, onEvent } = this.#options;
    const { steps } = this.#planned;
    const begin = common.rounds * localSteps;
    const end = Math.min(begin + localSteps, steps);
    const stored = (await files.readWorker(worker))?.checkpoint;
    if (signal.aborted || (stored?.step ?? 0) >= end) return;
    const own = await open(worker);
    const state = this.#withCommon(common, stored?.state);
    const goesOn = stored && stored.step > begin;
    // The engine may be another worker's.
    if (!stored) this.#engine.writeState(state);
    await trainNetwork({
      ...this.#options,
      training: own.training,
      ...(own.teaching && { teaching: own.teaching }),
      options: {
        ...withoutEnds(options),
        epochs: Math.ceil(steps / batchesPerEpoch(own.training.count, options.batchSize)),
        maxSteps: steps,
      },
      isJudgedOnce: true,
      pauseAfter: end,
      openEngine: () => Promise.resolve(keptOpen(this.#engine)),
      random: orderOfSamples(options.seed + worker),
      checkpoints: {
        stored: stored && (goesOn ? stored : { ...stored, state }),
        save: (checkpoint) => files.writeWorker(worker, { checkpoint, samples: own.training.count }),
      },
      onEvent: (event) => {
        if ((event.kind === 'step' && worker === 0) || event.kind === 'warning') onEvent(event);
      },
    });
  }

  /** Moves the common weights by what the workers did, and judges them once an epoch. */
  async #merge(common: Common): Promise<Common> {
    const { files, workers, localSteps, outerLearningRate, outerMomentum } = this.#rounds;
    const end = Math.min((common.rounds + 1) * localSteps, this.#planned.steps);
    const mean = new MeanOfWorkers();
    let losses: ToldEpoch['losses'] = {};
    for (let worker = 0; worker < workers; worker++) {
      const stored = await files.readWorker(worker);
      const step = stored?.checkpoint.step ?? 0;
      if (!stored || step !== end) {
        throw new DistilleryError('TRAINING', `Worker ${worker} has done ${step} of its ${end} steps.`, {
          hint: 'Submit once more, or go on with the run here.',
        });
      }
      // Of one worker, as curves are drawn.
      if (worker === 0) losses = new MeanLosses(stored.checkpoint.losses).means();
      mean.add(new Map([...stored.checkpoint.state].filter(([name]) => this.#isCommon(name))), stored.samples);
    }
    const moved = outerStep(common, mean, {
      learningRate: outerLearningRate,
      momentum: outerMomentum,
      moved: this.#weights,
    });
    const merged = await this.#judge({ ...common, ...moved, rounds: common.rounds + 1 }, { step: end, losses });
    await files.writeCommon(merged);
    return merged;
  }

  async #judge(common: Common, moment: Pick<ToldEpoch, 'step' | 'losses'>): Promise<Common> {
    const { validation, measure, signal } = this.#options;
    if (common.rounds % this.#roundsPerEpoch !== 0 && common.rounds < this.#planned.rounds) return common;
    this.#engine.writeState(this.#withCommon(common));
    const quality: Quality = measure(await this.#engine.predict(validation, signal));
    const epoch = common.told.length + 1;
    const isBest = !common.best || isBetter(quality, common.best.quality);
    const best = isBest ? { epoch, quality, weights: await this.#engine.readWeights() } : common.best;
    const told = { epoch, ...moment, validation: quality, best: isBest };
    this.#tell(told);
    return { ...common, told: [...common.told, told], best };
  }

  #tell(told: ToldEpoch): void {
    const { network, onEvent } = this.#options;
    onEvent({ kind: 'epoch', network, epochs: Math.ceil(this.#planned.rounds / this.#roundsPerEpoch), ...told });
  }

  /** Rounds between two validations. */
  get #roundsPerEpoch(): number {
    return Math.max(1, Math.round(this.#planned.steps / this.#options.options.epochs / this.#rounds.localSteps));
  }

  /** A worker's state with the common weights in it: what its optimizer remembers stays its own. */
  #withCommon({ vectors }: Common, own: Vectors = this.#initial): Vectors {
    return new Map([...own].map(([name, tensor]) => [name, vectors.get(name) ?? tensor]));
  }

  /** Weights, statistics and averages of weights; not what optimizers remember, or how a loss is scaled. */
  #isCommon(name: string): boolean {
    return this.#weights.has(name) || name === 'statistics' || name.startsWith('average:');
  }
}

/** Nobody ends a training in rounds but its plan: a worker knows nothing of the others. */
function withoutEnds(options: TrainNetworkOptions['options']): TrainNetworkOptions['options'] {
  return { ...options, automatic: undefined, maxMinutes: undefined, patience: undefined, targetAccuracy: undefined };
}

/** An engine that whoever is given it cannot close. */
function keptOpen(engine: TrainingEngine): TrainingEngine {
  return {
    get operatorsOnCpu() {
      return engine.operatorsOnCpu;
    },
    get mostSteps() {
      return engine.mostSteps;
    },
    run: (steps) => engine.run(steps),
    losses: () => engine.losses(),
    predict: (split, signal) => engine.predict(split, signal),
    readWeights: () => engine.readWeights(),
    readState: () => engine.readState(),
    writeState: (state) => {
      engine.writeState(state);
    },
    dispose: () => Promise.resolve(),
  };
}
