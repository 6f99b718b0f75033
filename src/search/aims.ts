import { BadInputError } from '../errors.ts';
import type { AimName, SearchOptions } from '../experiment/schema/search.ts';
import { figureOf, type TrialEpoch, type TrialFigures } from './trials/trial.ts';

/** What a search looks for. */
export interface Aim {
  readonly name: AimName;
  readonly direction: 'maximize' | 'minimize';
}

/**
 * The aims of a search, those to maximise first; where it names none, accuracy, or the loss where the task has no accuracy.
 * @throws BadInputError when one is named twice, or is accuracy where the task has none
 */
export function aimsOf({ maximize = [], minimize = [] }: SearchOptions, hasAccuracy: boolean): readonly Aim[] {
  const named = [
    ...[maximize].flat().map((name) => ({ name, direction: 'maximize' }) as const),
    ...[minimize].flat().map((name) => ({ name, direction: 'minimize' }) as const),
  ];
  const problems = named.flatMap(({ name, direction }, index) => {
    const where = `search.${direction}`;
    if (named.findIndex((other) => other.name === name) < index)
      return [{ where, message: `'${name}' is an aim already` }];
    if (name !== 'accuracy' || hasAccuracy) return [];
    return [{ where, message: 'this task has no accuracy', hint: "Minimise 'loss' instead." }];
  });
  if (problems.length > 0) throw new BadInputError(problems);
  if (named.length > 0) return named;
  return [hasAccuracy ? { name: 'accuracy', direction: 'maximize' } : { name: 'loss', direction: 'minimize' }];
}

/** What of a trial is to be made small, an aim each; NaN where that is not known. */
export function valuesToMinimize(
  aims: readonly Aim[],
  epochs: readonly TrialEpoch[],
  figures: TrialFigures | null,
): readonly number[] {
  return aims.map(({ name, direction }) => (direction === 'maximize' ? -1 : 1) * figureOf(name, epochs, figures));
}
