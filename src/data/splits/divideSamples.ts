import type { Random } from '../random.ts';

/** A division of samples: every index is in exactly one of the two, ascending. */
export interface Division {
  readonly taken: Int32Array;
  readonly kept: Int32Array;
}

/**
 * Takes a share of the samples at random, the same share of every class as nearly as whole samples allow. The number taken is
 * `fraction` of all, rounded; what the classes' shares lack after rounding down goes to those with the largest
 * remainders. No class gives its last sample.
 *
 * @param fraction 0…1
 */
export function stratifiedSplit(labels: ArrayLike<number>, fraction: number, random: Random): Division {
  const classes = shuffledByClass(labels, random);
  const quotas = classes.map((members) => fraction * members.length);
  const counts = quotas.map((quota, label) => Math.min(Math.floor(quota), spareable(classes[label])));
  let lacking = Math.round(fraction * labels.length) - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = quotas.map((quota, label) => ({ label, remainder: quota - Math.floor(quota) }));
  byRemainder.sort((one, other) => other.remainder - one.remainder || one.label - other.label);
  for (const { label } of byRemainder) {
    const count = counts[label] ?? 0;
    if (lacking > 0 && count < spareable(classes[label])) {
      counts[label] = count + 1;
      lacking--;
    }
  }
  return {
    taken: ascending(classes.map((members, label) => members.slice(0, counts[label]))),
    kept: ascending(classes.map((members, label) => members.slice(counts[label]))),
  };
}

/**
 * Takes groups of samples at random, whole ones, until their samples are as near to `fraction` of all as whole groups come. At least
 * one group stays, and one is taken where there are two.
 *
 * @param groups the group of every sample; any numbers
 * @param fraction 0…1
 */
export function groupSplit(groups: Int32Array, fraction: number, random: Random): Division {
  const members = new Map<number, number[]>();
  groups.forEach((group, index) => {
    const known = members.get(group);
    if (known) known.push(index);
    else members.set(group, [index]);
  });
  const order = random.shuffle([...members.keys()]);
  const wanted = fraction * groups.length;
  const taken: number[][] = [];
  let count = 0;
  for (const group of order.slice(1)) {
    const indices = members.get(group) ?? [];
    if (taken.length > 0 && Math.abs(count + indices.length - wanted) >= Math.abs(count - wanted)) continue;
    taken.push(indices);
    members.delete(group);
    count += indices.length;
  }
  return { taken: ascending(taken), kept: ascending([...members.values()]) };
}

/**
 * Chooses `limit` samples at random, every class with the share that it has of all, but with one at least while there are enough: a
 * student that saw as many of a rare class as of a frequent one would expect it as often. Shares are rounded as Huntington and Hill
 * apportion seats, so that with the same stream of random numbers a smaller limit chooses some of what a larger one does.
 *
 * @returns indices, ascending; all when there are no more than `limit`
 */
export function proportionalSubset(labels: ArrayLike<number>, limit: number, random: Random): Int32Array {
  const classes = shuffledByClass(labels, random);
  const counts = classes.map(() => 0);
  const largestFirst = [...classes.keys()].sort(
    (one, other) => (classes[other]?.length ?? 0) - (classes[one]?.length ?? 0) || one - other,
  );
  /** How much each class is owed its next sample. */
  const claims = classes.map((members) => (members.length > 0 ? Infinity : -1));
  const wanted = Math.min(limit, labels.length);
  for (let chosen = 0; chosen < wanted; chosen++) {
    let next = largestFirst[0] ?? 0;
    for (const label of largestFirst) if ((claims[label] ?? -1) > (claims[next] ?? -1)) next = label;
    const count = (counts[next] ?? 0) + 1;
    const size = classes[next]?.length ?? 0;
    counts[next] = count;
    claims[next] = count < size ? size / Math.sqrt(count * (count + 1)) : -1;
  }
  return ascending(classes.map((members, label) => members.slice(0, counts[label])));
}

/** Indices of each class's samples, in random order. */
function shuffledByClass(labels: ArrayLike<number>, random: Random): Int32Array[] {
  const counts: number[] = [];
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? 0;
    while (counts.length <= label) counts.push(0);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  const classes = counts.map((count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? 0;
    const members = classes[label];
    const place = filled[label] ?? 0;
    if (members) members[place] = index;
    filled[label] = place + 1;
  }
  return classes.map((members) => random.shuffle(members));
}

function spareable(members: Int32Array | undefined): number {
  return Math.max(0, (members?.length ?? 0) - 1);
}

/** All members by their size, which no two share; counted, not compared. */
function ascending(groups: readonly ArrayLike<number>[]): Int32Array {
  let most = -1;
  for (const group of groups) for (let at = 0; at < group.length; at++) most = Math.max(most, group[at] ?? 0);
  const isThere = new Uint8Array(most + 1);
  for (const group of groups) for (let at = 0; at < group.length; at++) isThere[group[at] ?? 0] = 1;
  const all = new Int32Array(groups.reduce((sum, group) => sum + group.length, 0));
  let position = 0;
  for (let member = 0; member <= most; member++) if (isThere[member] === 1) all[position++] = member;
  return all;
}
