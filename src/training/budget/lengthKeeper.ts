import type { EndedBy } from '../../report/trainingEnd.ts';
import { endAfterStep, type StopConditions } from '../stopConditions.ts';
import { LossWatch, type StoredWatch } from './lossWatch.ts';
import type { AutomaticLength } from './settleTraining.ts';
import { Timeline, type StoredTimeline } from './timeline.ts';

/** What was found out about the length of a training; stored with checkpoints. */
export interface StoredLength {
  readonly watch?: StoredWatch | undefined;
  readonly timeline?: StoredTimeline | undefined;
  /** Whether the learning rate is being brought down because the loss no longer falls. */
  readonly isAnnealing: boolean;
}

/** A training whose loss no longer falls goes on for this share of its steps, over which the learning rate comes down. */
const ANNEALING = 0.25;
const FEWEST_ANNEALING_STEPS = 200;

/** A limit in minutes is aimed at so much too early: the last validation belongs to it. */
const TIME_MARGIN = 0.97;

/**
 * Knows when a training ends. Where its length is left to Distillery, it ends soon after the validation loss has stopped falling,
 * and a limit in minutes shortens the schedules instead of cutting them off.
 */
export class LengthKeeper {
  readonly timeline: Timeline;
  readonly #options: StopConditions & { readonly automatic?: AutomaticLength | undefined };
  readonly #watch: LossWatch | undefined;
  #isAnnealing: boolean;

  constructor(
    options: StopConditions & { readonly automatic?: AutomaticLength | undefined },
    plannedSteps: number,
    stored?: StoredLength,
  ) {
    this.#options = options;
    this.timeline = new Timeline(plannedSteps, stored?.timeline);
    this.#watch = options.automatic && new LossWatch(options.automatic.patienceSteps, stored?.watch);
    this.#isAnnealing = stored?.isAnnealing ?? false;
  }

  /** Steps after which the training ends, whatever comes. */
  get mostSteps(): number {
    const { automatic, maxSteps = Infinity } = this.#options;
    return automatic ? this.timeline.end : maxSteps;
  }

  /** Undefined where the file decides. */
  get stored(): StoredLength | undefined {
    if (!this.#watch) return undefined;
    return { watch: this.#watch.stored, timeline: this.timeline.stored, isAnnealing: this.#isAnnealing };
  }

  /** The condition that ends the training after a step, also in the middle of an epoch. @param step number of steps done */
  endAfterStep(moment: { readonly step: number; readonly seconds: number }): EndedBy | undefined {
    const ended = endAfterStep(this.#options, moment);
    if (ended || !this.#watch || moment.step < this.timeline.end) return ended;
    if (this.#isAnnealing) return 'patience';
    return this.timeline.stored ? 'maxMinutes' : 'epochs';
  }

  /** Takes note of an epoch: shortens what is left where the loss no longer falls, or where there is not the time for it. */
  note({ step, seconds, loss }: { readonly step: number; readonly seconds: number; readonly loss: number }): void {
    if (!this.#watch) return;
    const { maxMinutes } = this.#options;
    const stepsLeft = this.timeline.end - step;
    const hasStopped = this.#watch.note(step, loss);
    if (hasStopped && !this.#isAnnealing) {
      const annealing = Math.max(FEWEST_ANNEALING_STEPS, ANNEALING * step);
      // A plan that ends as soon by itself is left as it is.
      if (annealing < stepsLeft) {
        this.#isAnnealing = true;
        this.timeline.fit(step, annealing);
      }
    }
    if (maxMinutes === undefined || this.timeline.end <= step) return;
    const inTime = ((maxMinutes * 60 * TIME_MARGIN - seconds) * step) / Math.max(seconds, 1e-3);
    if (inTime < this.timeline.end - step) this.timeline.fit(step, Math.max(1, inTime));
  }
}
