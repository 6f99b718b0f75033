import type { Problem } from '../../errors.ts';
import type { SearchOptions } from '../../experiment/schema/search.ts';
import { formatInteger, writerOfMilliseconds } from '../../report/format.ts';
import type { TrialFigures } from './trial.ts';

type Limits = SearchOptions['limits'];

const names = ['parameters', 'macs', 'bytes', 'latencyMs'] as const satisfies readonly (keyof TrialFigures)[];

/** Whether a search limits anything about its students. */
export function hasLimits(limits: Limits): boolean {
  return names.some((name) => limits[name] !== undefined);
}

/** The limits that a student breaks. What was not measured breaks none. */
export function brokenLimits(limits: Limits, figures: TrialFigures): readonly Problem[] {
  return names.flatMap((name) => {
    const [limit, figure] = [limits[name], figures[name]];
    if (limit === undefined || figure === null || figure <= limit) return [];
    return [{ where: `search.limits.${name}`, message: excessOf(name, figure, limit) }];
  });
}

/** Whole numbers in full: with an SI prefix the figure and its limit may read the same. */
function excessOf(name: keyof TrialFigures, figure: number, limit: number): string {
  const [whole, most] = [formatInteger(figure), formatInteger(limit)];
  switch (name) {
    case 'parameters':
      return `The student has ${whole} parameters, more than the ${most} that are allowed.`;
    case 'macs':
      return `The student takes ${whole} multiply-accumulate operations for a sample, more than the ${most} that are allowed.`;
    case 'bytes':
      return `The student's file has ${whole} bytes, more than the ${most} that are allowed.`;
    case 'latencyMs': {
      const write = writerOfMilliseconds([figure, limit]);
      return `The student takes ${write(figure)} for a sample, longer than the ${write(limit)} that are allowed.`;
    }
  }
}
