import { scalarsAt } from '../objectives/scalars.ts';
import type { ObjectiveTerm } from '../objectives/objectiveTerm.ts';
import { termWeightsAt } from '../objectives/termWeights.ts';
import type { DeviceName, Network, RunEvent } from '../protocol/events.ts';
import type { Batch } from './batchFeeder.ts';
import type { EngineStep, TrainingEngine } from './engines/engine.ts';
import type { MeanLosses } from './meanLosses.ts';
import type { Timeline } from './budget/timeline.ts';
import { Pace } from './pace.ts';
import { SkippedLosses } from './precision/skippedLosses.ts';
import type { TrainingPrecision } from './precision/trainingPrecision.ts';
import { learningRateAt, type Schedule } from './learningRateSchedule.ts';

export interface StepProgressOptions {
  readonly network: Network;
  readonly device: DeviceName;
  readonly objective: readonly ObjectiveTerm[];
  readonly softTree?: { readonly penalty: number } | undefined;
  readonly options: Schedule & {
    readonly batchSize: number;
    readonly precision?: TrainingPrecision | undefined;
  };
  /** The steps that the schedules span. */
  readonly timeline: Timeline;
  readonly stepsPerEpoch: number;
  /** Seconds that the training may still take; by default any. */
  readonly timeLeft?: () => number;
  /** Steps that are done already. */
  readonly done: number;
  readonly onEvent: (event: RunEvent) => void;
}

/** Steps that the engine has done in one run. */
export interface FinishedRun {
  readonly steps: number;
  readonly epoch: number;
  /** The epoch's, which the run's are added to. */
  readonly losses: MeanLosses;
  /** Whether the epoch has no more steps. */
  readonly isLast: boolean;
}

/** Step events are told at most this often, but for the last one. */
const STEP_EVENT_INTERVAL_MS = 100;

/** Counts steps, tells about them and knows their learning rates. */
export class StepProgress {
  readonly #options: StepProgressOptions;
  readonly #pace = new Pace();
  readonly #skipped = new SkippedLosses();
  #told = 0;
  #step: number;

  constructor(options: StepProgressOptions) {
    this.#options = options;
    this.#step = options.done;
  }

  /** Steps that are done. */
  get step(): number {
    return this.#step;
  }

  /** Everything that changes from step to step, for the coming one or one that is so many steps ahead of it. */
  moment(batch: Batch, ahead: number): EngineStep {
    const { objective, options, timeline } = this.#options;
    const done = this.#step + ahead;
    const position = timeline.position(done);
    const scalars = [...scalarsAt(objective, position / timeline.planned)].map(
      ([name, value]) => [name, Float32Array.of(value)] as const,
    );
    return {
      batch: { ...batch, ...Object.fromEntries(scalars) },
      step: done + 1,
      learningRate: learningRateAt(options, position, timeline.planned),
    };
  }

  /** Nothing was done for so many milliseconds, which say nothing of the pace. */
  rest(milliseconds: number): void {
    this.#pace.rest(milliseconds);
  }

  /** Notes that a run of the engine is finished. @throws DistilleryError `DIVERGED` when a loss is not a number */
  async tick(engine: TrainingEngine, run: FinishedRun): Promise<void> {
    const { options, network, timeline, objective, softTree, stepsPerEpoch, timeLeft, onEvent } = this.#options;
    const { epoch, isLast } = run;
    const first = this.#step + 1;
    this.#step += run.steps;
    this.#pace.tick(run.steps);
    const now = performance.now();
    // On a GPU reading the losses waits for the step, so it is done only when they are told, and once an epoch at least.
    const isFree = this.#options.device === 'cpu';
    if (!isFree && now - this.#told < STEP_EVENT_INTERVAL_MS && this.#step % 10 !== 0 && !isLast) return;
    const losses = await engine.losses();
    const taken = losses.flatMap((each, index) =>
      options.precision === 'float16' && this.#skipped.isSkipped(each) ? [] : [{ each, step: first + index }],
    );
    for (const { each, step } of taken) run.losses.add(each, step);
    const last = taken.at(-1);
    const { planned, end: steps } = timeline;
    // The last one is told in any case: a curve that ends before the training looks as if something went wrong.
    if (!last || (now - this.#told < STEP_EVENT_INTERVAL_MS && this.#step < steps)) return;
    this.#told = now;
    const stepsPerSecond = this.#pace.stepsPerSecond;
    onEvent({
      kind: 'step',
      network,
      step: this.#step,
      steps,
      epoch,
      // A plan that was cut short has fewer than it began with.
      epochs: Math.ceil(steps / stepsPerEpoch),
      stepsPerEpoch,
      losses: last.each,
      weights: termWeightsAt(objective, timeline.position(last.step - 1) / planned, softTree?.penalty),
      learningRate: learningRateAt(options, timeline.position(this.#step - 1), planned),
      samplesPerSecond: stepsPerSecond * options.batchSize,
      secondsLeft: Math.min(
        stepsPerSecond > 0 ? (steps - this.#step) / stepsPerSecond : 0,
        Math.max(0, timeLeft?.() ?? Infinity),
      ),
    });
  }
}
