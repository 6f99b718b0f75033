import { valueAt } from '../../experiment/valueAt.ts';

/** A change of an experiment: its values replace those of the experiment, inside objects one by one. Null is a value, as `teacher` may have it. */
export type ExperimentChange = Readonly<Record<string, unknown>>;

/** A value that a change sets. */
export interface ChangedValue {
  readonly path: readonly string[];
  /** What was there; undefined where nothing was. */
  readonly before: unknown;
}

/** What a value becomes by a change. */
export function applyChange(value: unknown, change: unknown): unknown {
  if (!isRecord(change)) return change;
  const changed = new Map(Object.entries(isRecord(value) ? value : {}));
  for (const [key, inner] of Object.entries(change)) changed.set(key, applyChange(changed.get(key), inner));
  return Object.fromEntries(changed);
}

/** What a change sets in an experiment and what was there before, in the order of the change. */
export function changedValues(experiment: unknown, change: ExperimentChange): readonly ChangedValue[] {
  return pathsOf(change).map((path) => ({ path, before: valueAt(experiment, path) }));
}

function pathsOf(change: ExperimentChange): readonly (readonly string[])[] {
  return Object.entries(change).flatMap(([key, inner]) =>
    isRecord(inner) && Object.keys(inner).length > 0 ? pathsOf(inner).map((path) => [key, ...path]) : [[key]],
  );
}

function isRecord(value: unknown): value is ExperimentChange {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
