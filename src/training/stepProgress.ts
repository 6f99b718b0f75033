import { scalarsAt } from '../objectives/scalars.ts';
import type { ObjectiveTerm } from '../objectives/objectiveTerm.ts';
import type { DeviceName, Network, RunEvent } from '../protocol/events.ts';
import type { EngineStep, TrainingEngine } from './engines/engine.ts';
import type { MeanLosses } from './meanLosses.ts';
import { Pace } from './pace.ts';
import { learningRateAt, type Schedule } from './schedule.ts';

export interface StepProgressOptions {
  readonly network: Network;
  readonly device: DeviceName;
  readonly objective: readonly ObjectiveTerm[];
  readonly options: Schedule & { readonly batchSize: number; readonly epochs: number };
  /** Steps that the schedules span. */
  readonly steps: number;
  /** Steps that are done already. */
  readonly done: number;
  readonly onEvent: (event: RunEvent) => void;
}

/** Step events are told at most this often. */
const STEP_EVENT_INTERVAL_MS = 100;

/** Counts steps, tells about them and knows their learning rates. */
export class StepProgress {
  readonly #options: StepProgressOptions;
  readonly #pace = new Pace();
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

  /** The coming step's number and learning rate. */
  moment(): Pick<EngineStep, 'step' | 'learningRate'> {
    const { options, steps } = this.#options;
    return { step: this.#step + 1, learningRate: learningRateAt(options, this.#step, steps) };
  }

  /** The scheduled weights and temperatures of the coming step. */
  scalars(): Record<string, Float32Array> {
    const scalars = scalarsAt(this.#options.objective, this.#step / this.#options.steps);
    return Object.fromEntries([...scalars].map(([name, value]) => [name, Float32Array.of(value)]));
  }

  /** Notes a finished step. @throws DistilleryError `TRAINING` when its loss is not a number */
  async tick(engine: TrainingEngine, epoch: number, epochLosses: MeanLosses, isLast: boolean): Promise<void> {
    const { options, network, steps, onEvent } = this.#options;
    const { learningRate } = this.moment();
    this.#step++;
    this.#pace.tick();
    const now = performance.now();
    // On a GPU reading the losses waits for the step, so it is done only when they are told, and once an epoch at least.
    const isFree = this.#options.device === 'cpu';
    if (!isFree && now - this.#told < STEP_EVENT_INTERVAL_MS && this.#step % 10 !== 0 && !isLast) return;
    const losses = await engine.losses();
    epochLosses.add(losses, this.#step);
    if (now - this.#told < STEP_EVENT_INTERVAL_MS) return;
    this.#told = now;
    const stepsPerSecond = this.#pace.stepsPerSecond;
    onEvent({
      kind: 'step',
      network,
      step: this.#step,
      steps,
      epoch,
      epochs: options.epochs,
      losses,
      learningRate,
      samplesPerSecond: stepsPerSecond * options.batchSize,
      secondsLeft: stepsPerSecond > 0 ? (steps - this.#step) / stepsPerSecond : 0,
    });
  }
}
