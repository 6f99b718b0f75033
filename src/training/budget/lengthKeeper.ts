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

/** A plan that fits the time that is left to this share is left as it is. */
const CLOSE_ENOUGH = 0.02;

/** An epoch that is over. */
export interface NotedEpoch {
  /** Number of steps done. */
  readonly step: number;
  /** Of the whole training so far. */
  readonly seconds: number;
  /** Of the training so far, in which its batches were waited for: while the teacher was asked, above all. */
  readonly waited?: number | undefined;
  /** On the validation split. */
  readonly loss: number;
}

/** What the length of a training depends on. */
export interface LengthOptions extends StopConditions {
  readonly automatic?: AutomaticLength | undefined;
  /** Steps in which the teacher may be asked about samples that no epoch saw before; later ones find its answers. */
  readonly askedSteps?: number | undefined;
}

/**
 * Knows when a training ends. Where its length is left to Distillery, it ends soon after the validation loss has stopped falling,
 * and a limit in minutes shortens the schedules instead of cutting them off.
 */
export class LengthKeeper {
  readonly timeline: Timeline;
  readonly #options: LengthOptions;
  readonly #watch: LossWatch | undefined;
  #isAnnealing: boolean;
  #before = { step: 0, seconds: 0, waited: 0 };

  constructor(options: LengthOptions, plannedSteps: number, stored?: StoredLength) {
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
    return this.timeline.end < this.timeline.planned ? 'maxMinutes' : 'epochs';
  }

  /** Takes note of an epoch: shortens what is left where the loss no longer falls, or where there is not the time for it. */
  note(epoch: NotedEpoch): void {
    if (!this.#watch) return;
    const { step, loss } = epoch;
    const hasStopped = this.#watch.note(step, loss);
    if (hasStopped && !this.#isAnnealing) {
      const annealing = Math.max(FEWEST_ANNEALING_STEPS, ANNEALING * step);
      // A plan that ends as soon by itself is left as it is.
      if (annealing < this.timeline.end - step) {
        this.#isAnnealing = true;
        this.timeline.fit(step, annealing);
      }
    }
    this.#fitToTime(epoch);
  }

  /** Fits what is left to the minutes that are left, at the pace of the last epoch. */
  #fitToTime({ step, seconds, waited = 0 }: NotedEpoch): void {
    const { maxMinutes, askedSteps = 0 } = this.#options;
    const before = this.#before;
    this.#before = { step, seconds, waited };
    if (maxMinutes === undefined || this.timeline.end <= step || step <= before.step) return;
    const steps = step - before.step;
    const perStep = Math.max(1e-6, (seconds - before.seconds) / steps);
    const perLaterStep = Math.max(1e-6, perStep - (waited - before.waited) / steps);
    const inTime = stepsInTime(maxMinutes * 60 * TIME_MARGIN - seconds, {
      slowSteps: askedSteps - step,
      perSlowStep: perStep,
      perStep: askedSteps > before.step ? perLaterStep : perStep,
    });
    const planned = this.timeline.end - step;
    // What was shortened because an epoch was slow is made longer again, but never longer than it was meant to be.
    const most = this.#isAnnealing ? planned : this.timeline.planned - step;
    const left = Math.max(1, Math.min(inTime, most));
    if (Math.abs(left - planned) > CLOSE_ENOUGH * planned) this.timeline.fit(step, left);
  }
}

/** Steps for which there is time, where the first of them are slower than the others. */
function stepsInTime(
  seconds: number,
  pace: { readonly slowSteps: number; readonly perSlowStep: number; readonly perStep: number },
): number {
  const slowSteps = Math.max(0, pace.slowSteps);
  const slowSeconds = slowSteps * pace.perSlowStep;
  return seconds < slowSeconds ? seconds / pace.perSlowStep : slowSteps + (seconds - slowSeconds) / pace.perStep;
}
