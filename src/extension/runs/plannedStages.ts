import * as z from 'zod';
import type { Phase, RunEvent } from '../../protocol/events.ts';
import type { RunStage } from '../../protocol/snapshot.ts';

/** The part of an experiment file that decides which stages its run has. */
const experimentSchema = z.object({
  teacher: z.looseObject({ architecture: z.string().optional() }).nullish(),
  baseline: z.boolean().optional(),
  repeats: z.number().optional(),
  folds: z.number().optional(),
  objective: z.unknown().optional(),
  student: z.looseObject({ architecture: z.string().optional() }).nullish(),
  training: z.looseObject({ epochs: z.unknown().optional() }).optional(),
});

/** The stages that a run of this experiment will have, in order, without those that take no time worth telling. */
export function plannedStages(experiment: unknown): readonly Phase[] {
  const { data } = experimentSchema.safeParse(experiment);
  const hasTeacher = data?.teacher != null;
  const epochs = data?.training?.epochs;
  const isOpen = (epochs === undefined || epochs === 'auto') && data?.student?.architecture !== undefined;
  return [
    'dataset',
    ...(data?.teacher?.architecture === undefined ? [] : (['train-teacher'] as const)),
    ...(isOpen ? (['first-steps'] as const) : []),
    ...(hasTeacher ? (['teacher-outputs'] as const) : []),
    ...(hasTeacher && (data.objective === undefined || data.objective === 'auto') ? (['trials'] as const) : []),
    'student',
    'evaluation',
    ...(hasTeacher && data.baseline !== false ? (['baseline'] as const) : []),
    ...((data?.repeats ?? 1) > 1 ? (['repeats'] as const) : []),
    ...(data?.folds === undefined ? [] : (['folds'] as const)),
    'report',
  ];
}

/** Which stages of a run are over and which one it is in, from its events. */
export class RunStages {
  #seen: readonly Phase[] = [];
  #isOver = false;

  add(event: RunEvent): void {
    if (event.kind === 'started') {
      this.#seen = [];
      this.#isOver = false;
    } else if (event.kind === 'phase' && event.phase !== 'preflight' && this.#seen.at(-1) !== event.phase) {
      this.#seen = [...this.#seen.filter((phase) => phase !== event.phase), event.phase];
    } else if (event.kind === 'finished') this.#isOver = true;
  }

  /** @param planned stages that are to come; one that the run is in without having planned it is told all the same */
  of(planned: readonly Phase[]): readonly RunStage[] {
    const now = this.#seen.at(-1);
    const others = this.#seen.filter((phase) => !planned.includes(phase));
    // What was read from a file or a cache was not told of: whatever comes before a stage that was reached is over.
    const reached = Math.max(-1, ...this.#seen.map((phase) => planned.indexOf(phase)));
    return [...others, ...planned].map((phase) => ({
      phase,
      state: this.#stateOf(phase, now, planned.indexOf(phase) < reached),
    }));
  }

  #stateOf(phase: Phase, now: Phase | undefined, isPassed: boolean): RunStage['state'] {
    if (this.#isOver) return 'done';
    if (phase === now) return 'now';
    return isPassed || this.#seen.includes(phase) ? 'done' : 'to come';
  }
}
