import { termNames, type ObjectiveTerm } from './objectiveTerm.ts';
import { scheduledAt, type Ramp } from './scheduledNumber.ts';

/** Name of the graph input that carries a scheduled field of a term: `kd.temperature`, `dkd-2.weight`. */
export function scalarName(termName: string, field: string): string {
  return `${termName}.${field}`;
}

/** The scheduled weights and temperatures of an objective, by the name of the graph input that carries each. */
export function scheduledScalars(terms: readonly ObjectiveTerm[]): ReadonlyMap<string, Ramp> {
  const names = termNames(terms);
  return new Map(
    terms.flatMap((term, index) =>
      Object.entries(term).flatMap(([field, value]: [string, unknown]) =>
        isRamp(value) ? [[scalarName(names[index] ?? '', field), value] as const] : [],
      ),
    ),
  );
}

/** What to feed at a moment of the run, by name. @param progress the share of the run's steps that are done, 0…1 */
export function scalarsAt(terms: readonly ObjectiveTerm[], progress: number): ReadonlyMap<string, number> {
  return new Map([...scheduledScalars(terms)].map(([name, ramp]) => [name, scheduledAt(ramp, progress)]));
}

function isRamp(value: unknown): value is Ramp {
  return typeof value === 'object' && value !== null && 'until' in value;
}
