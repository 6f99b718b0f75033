import type { Network, RunEvent, RunStatus, StepEvent } from '../protocol/events.ts';
import { teacherToTrain } from '../experiment/networkToTrain.ts';
import type { SettledExperiment } from '../experiment/schema.ts';

/** Computing the teacher's outputs costs about as much as one epoch, the evaluation at the end as well. */
const FIXED_EPOCHS = 1;
/** Of the student's epochs that short trainings take which find its learning rate. */
const FIRST_STEPS_SHARE = 0.1;
/** The same of trials of objectives, which `planTrials` allows about so much of what a run trains that may end early. */
const TRIALS_SHARE = 0.15;

/** Follows the events of a run and knows which share of the whole run is done, counted in epochs. */
export class RunProgress {
  readonly #planned: ReadonlyMap<string, number>;
  readonly #done = new Map<string, number>();
  #secondsPerEpoch: number | undefined;

  /** @param finished parts that are done already */
  constructor(experiment: SettledExperiment, finished: readonly string[] = []) {
    const { teacher, baseline, repeats, folds = 0, training, objective } = experiment;
    const isTried = teacher !== null && (objective === undefined || objective === 'auto');
    const trained = teacherToTrain(experiment);
    const epochs: Partial<Record<Network | 'repeats' | 'folds', number>> = {
      student: training.epochs,
      ...(baseline && teacher && { baseline: training.epochs }),
      ...(repeats > 1 && { repeats: (repeats - 1) * training.epochs * (baseline && teacher ? 2 : 1) }),
      ...(folds > 0 && {
        folds: folds * training.epochs * (1 + Number(baseline && teacher !== null) + Number(trained !== undefined)),
      }),
      ...(trained && { teacher: plannedEpochs(trained.training?.epochs) ?? training.epochs }),
    };
    this.#planned = new Map([
      ...Object.entries(epochs),
      ...(training.automatic ? [['first-steps', FIRST_STEPS_SHARE * training.epochs] as const] : []),
      ['teacher-outputs', FIXED_EPOCHS],
      ...(isTried ? [['trials', TRIALS_SHARE * training.epochs * (baseline ? 2 : 1)] as const] : []),
      ['evaluation', FIXED_EPOCHS],
    ]);
    for (const part of finished) this.#note(part, 1);
  }

  /** Where the run stands after this event: the share that is done, 0…1, and the time left, once a network is in training. */
  after(event: RunEvent): Pick<RunStatus, 'progress' | 'secondsLeft'> {
    if (event.kind === 'step') this.#noteStep(event);
    else if (event.kind === 'progress') this.#note(event.phase, event.done / event.total);
    else if (event.kind === 'phase' && event.phase === 'student') this.#noteTried();
    else if (event.kind === 'finished') return { progress: 1, secondsLeft: 0 };
    const total = [...this.#planned.values()].reduce((sum, epochs) => sum + epochs, 0);
    const done = [...this.#planned].reduce((sum, [part, epochs]) => sum + epochs * (this.#done.get(part) ?? 0), 0);
    return {
      progress: done / total,
      ...(this.#secondsPerEpoch !== undefined && { secondsLeft: (total - done) * this.#secondsPerEpoch }),
    };
  }

  /** What is still to come is taken to go as fast as the network in training, for nothing else is known of it. */
  #noteStep({ network, step, steps, secondsLeft }: StepEvent): void {
    const share = step / steps;
    this.#note(network, share);
    const epochsLeft = (this.#planned.get(network) ?? 0) * (1 - share);
    if (epochsLeft > 0 && secondsLeft > 0) this.#secondsPerEpoch = secondsLeft / epochsLeft;
  }

  /** What was not tried, as the training is too short or a run goes on, is over, too. */
  #noteTried(): void {
    for (const part of ['first-steps', 'teacher-outputs', 'trials']) this.#note(part, 1);
  }

  #note(part: string, share: number): void {
    if (this.#planned.has(part)) this.#done.set(part, share);
  }
}

/** Undefined where a teacher's own training names no number: it has about as many as the student's then. */
function plannedEpochs(epochs: number | 'auto' | undefined): number | undefined {
  return epochs === 'auto' ? undefined : epochs;
}
