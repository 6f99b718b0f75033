import type { Problem } from '../../errors.ts';
import type { SearchOptions } from '../../experiment/schema/search.ts';
import { formatBytes, formatCount, formatMilliseconds } from '../../report/format.ts';
import type { TrialFigures } from './trial.ts';

type Limits = SearchOptions['limits'];

const wording = {
  parameters: { what: 'parameters', write: formatCount },
  macs: { what: 'multiply-accumulate operations', write: formatCount },
  bytes: { what: 'file size', write: formatBytes },
  latencyMs: { what: 'latency', write: formatMilliseconds },
} as const satisfies Record<keyof TrialFigures, { what: string; write: (value: number) => string }>;

/** Whether a search limits anything about its students. */
export function hasLimits(limits: Limits): boolean {
  return names.some((name) => limits[name] !== undefined);
}

/** The limits that a student breaks. What was not measured breaks none. */
export function brokenLimits(limits: Limits, figures: TrialFigures): readonly Problem[] {
  return names.flatMap((name) => {
    const [limit, figure] = [limits[name], figures[name]];
    if (limit === undefined || figure === null || figure <= limit) return [];
    const { what, write } = wording[name];
    return [
      {
        where: `search.limits.${name}`,
        message: `The student's ${what} of ${write(figure)} is above the limit of ${write(limit)}.`,
      },
    ];
  });
}

const names = Object.keys(wording) as readonly (keyof typeof wording)[];
