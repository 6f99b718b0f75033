import { countOf, innerRange, toInner } from './space/numbers.ts';
import type { Parameter, Point, Space } from './space/parameter.ts';

/** Finished trials below which nothing is said, and groups into which the values of a parameter are put at most. */
const FEWEST = 10;
const GROUPS = 4;

/**
 * How much each parameter alone decides about a value: the share of the variance over the trials that lies between groups of
 * its values (the main effects of a functional analysis of variance, arXiv 1309.3557's first order, on the trials themselves), less
 * what as many groups of chance have; scaled so that all together are 1. Empty where nothing can be said.
 */
export function importanceOf(
  space: Space,
  trials: readonly { readonly point: Point; readonly value: number }[],
): readonly { readonly name: string; readonly share: number }[] {
  const known = trials.filter(({ value }) => Number.isFinite(value));
  if (known.length < FEWEST) return [];
  const shares = space.map((parameter) => ({ name: parameter.name, share: explained(parameter, known) }));
  const sum = shares.reduce((total, { share }) => total + share, 0);
  if (sum === 0) return [];
  return shares.map(({ name, share }) => ({ name, share: share / sum })).sort((one, other) => other.share - one.share);
}

/** Adjusted share of the variance between the groups: ε², which is 0 on average where the parameter does not matter. */
function explained(parameter: Parameter, trials: readonly { readonly point: Point; readonly value: number }[]): number {
  const groups = new Map<number, number[]>();
  for (const { point, value } of trials) {
    const group = groupOf(parameter, point[parameter.name]);
    groups.set(group, [...(groups.get(group) ?? []), value]);
  }
  const count = trials.length;
  if (groups.size < 2 || count <= groups.size) return 0;
  const mean = meanOf(trials.map(({ value }) => value));
  const total = trials.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  if (total === 0) return 0;
  const within = [...groups.values()].reduce((sum, values) => {
    const own = meanOf(values);
    return sum + values.reduce((inner, value) => inner + (value - own) ** 2, 0);
  }, 0);
  return Math.max(0, 1 - within / (count - groups.size) / (total / (count - 1)));
}

/** Which group a value belongs to; those without one are together. */
function groupOf(parameter: Parameter, number: number | undefined): number {
  if (number === undefined) return -1;
  if (parameter.kind === 'choice' || countOf(parameter) <= GROUPS) return number;
  const { low, high } = innerRange(parameter);
  return Math.min(GROUPS - 1, Math.floor(((toInner(parameter, number) - low) / (high - low)) * GROUPS));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
