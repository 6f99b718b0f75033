import type { Division } from './divideSamples.ts';

/**
 * Takes the latest samples, so that what is judged on lies after what is learned from. Samples of one moment stay together, on the earlier
 * side.
 *
 * @param order when each sample was, as any numbers
 * @param fraction 0…1
 */
export function latestSplit(order: ArrayLike<number>, fraction: number): Division {
  const sorted = inOrder(order);
  return cut(sorted, boundary(sorted, order, sorted.length - Math.round(fraction * sorted.length)));
}

/**
 * Blocks of samples, one after the other in time, as many as folds and one more: fold n is judged on the block after the first n + 1, and learns
 * from all before it.
 */
export function blocksInTime(order: ArrayLike<number>, folds: number): readonly Int32Array[] {
  const sorted = inOrder(order);
  const bounds = Array.from({ length: folds + 2 }, (_, index) =>
    boundary(sorted, order, Math.round((index * sorted.length) / (folds + 1))),
  );
  return bounds.slice(1).map((end, index) => sorted.slice(bounds[index] ?? 0, end).sort());
}

function inOrder(order: ArrayLike<number>): Int32Array {
  const indices = Array.from({ length: order.length }, (_, index) => index);
  return Int32Array.from(indices.sort((one, other) => (order[one] ?? 0) - (order[other] ?? 0) || one - other));
}

/** The first place from `wanted` on that lies between two moments. */
function boundary(sorted: Int32Array, order: ArrayLike<number>, wanted: number): number {
  let place = wanted;
  while (place > 0 && place < sorted.length && order[sorted[place - 1] ?? 0] === order[sorted[place] ?? 0]) place++;
  return place;
}

function cut(sorted: Int32Array, place: number): Division {
  return { kept: sorted.slice(0, place).sort(), taken: sorted.slice(place).sort() };
}
