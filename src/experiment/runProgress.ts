import type { Network, RunEvent } from '../protocol/events.ts';
import { teacherToTrain } from './networkToTrain.ts';
import type { Experiment } from './schema.ts';

/** Computing the teacher's outputs costs about as much as one epoch, the evaluation at the end as well. */
const FIXED_EPOCHS = 1;

/** Follows the events of a run and knows which share of the whole run is done, counted in epochs. */
export class RunProgress {
  readonly #planned: ReadonlyMap<string, number>;
  readonly #done = new Map<string, number>();

  /** @param finished parts that are done already */
  constructor(experiment: Experiment, finished: readonly string[] = []) {
    const { teacher, baseline, repeats, training } = experiment;
    const trained = teacherToTrain(experiment);
    const epochs: Partial<Record<Network | 'repeats', number>> = {
      student: training.epochs,
      ...(baseline && teacher && { baseline: training.epochs }),
      ...(repeats > 1 && { repeats: (repeats - 1) * training.epochs * (baseline && teacher ? 2 : 1) }),
      ...(trained && { teacher: trained.training?.epochs ?? training.epochs }),
    };
    this.#planned = new Map([
      ...Object.entries(epochs),
      ['teacher-outputs', FIXED_EPOCHS],
      ['evaluation', FIXED_EPOCHS],
    ]);
    for (const part of finished) this.#note(part, 1);
  }

  /** The share of the run that is done after this event, 0…1. */
  after(event: RunEvent): number {
    if (event.kind === 'step') this.#note(event.network, event.step / event.steps);
    else if (event.kind === 'progress') this.#note(event.phase, event.done / event.total);
    else if (event.kind === 'finished') return 1;
    const total = [...this.#planned.values()].reduce((sum, epochs) => sum + epochs, 0);
    const done = [...this.#planned].reduce((sum, [part, epochs]) => sum + epochs * (this.#done.get(part) ?? 0), 0);
    return done / total;
  }

  #note(part: string, share: number): void {
    if (this.#planned.has(part)) this.#done.set(part, share);
  }
}
