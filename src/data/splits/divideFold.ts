import type { Random } from '../random.ts';
import { blocksInTime } from './timeOrder.ts';

/** Parts that samples are divided into where nobody says how many: each judges, or is told of, by what learned from the others. */
export const USUAL_PARTS = 5;

/** One of several divisions of the same samples, each of which judges on others. */
export interface Fold {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Whether the test stays aside that the data bring or that is drawn, so that only what is learned from is divided; by default it does not. */
  readonly keepsTest?: boolean | undefined;
}

/** What decides which samples belong together. */
export interface FoldedSamples {
  readonly strata: Int32Array;
  readonly groups?: Int32Array | undefined;
  readonly order?: Float64Array | undefined;
}

/**
 * The samples that a fold is judged on, and those that it learns from, ascending. Every class is spread evenly over the folds and whole groups
 * stay in one; in time order a fold learns from what came before.
 *
 * @param random gives the same folds for every index when it begins alike
 */
export function divideFold(
  { strata, groups, order }: FoldedSamples,
  { index, count }: Fold,
  random: Random,
): { readonly test: Int32Array; readonly rest: Int32Array } {
  if (order) {
    const blocks = blocksInTime(order, count);
    const before = blocks.slice(0, index + 1).flatMap((block) => [...block]);
    return { test: blocks[index + 1] ?? new Int32Array(), rest: Int32Array.from(before).sort() };
  }
  const foldOf = groups ? foldsOfGroups(groups, count, random) : foldsOfClasses(strata, count, random);
  const all = Int32Array.from(foldOf.keys());
  return {
    test: all.filter((sample) => foldOf[sample] === index),
    rest: all.filter((sample) => foldOf[sample] !== index),
  };
}

/** Deals the samples of each class to the folds in turn, each class from where the one before ended. */
function foldsOfClasses(strata: Int32Array, count: number, random: Random): Int32Array {
  const members = membersOf(strata);
  const foldOf = new Int32Array(strata.length);
  let next = 0;
  for (const samples of members.values()) for (const sample of random.shuffle(samples)) foldOf[sample] = next++ % count;
  return foldOf;
}

/** Gives each group, the largest first, to the fold that has fewest samples. */
function foldsOfGroups(groups: Int32Array, count: number, random: Random): Int32Array {
  const sizes = new Int32Array(count);
  const foldOf = new Int32Array(groups.length);
  const all = [...membersOf(groups).values()];
  const shuffled = random.shuffle([...all.keys()]).map((group) => all[group] ?? []);
  for (const samples of shuffled.toSorted((one, other) => other.length - one.length)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] = (sizes[fold] ?? 0) + samples.length;
    for (const sample of samples) foldOf[sample] = fold;
  }
  return foldOf;
}

function membersOf(labels: Int32Array): ReadonlyMap<number, number[]> {
  const members = new Map<number, number[]>();
  labels.forEach((label, sample) => {
    const known = members.get(label);
    if (known) known.push(sample);
    else members.set(label, [sample]);
  });
  return members;
}
