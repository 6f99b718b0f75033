/** What has values, each the better the smaller. */
interface Valued {
  readonly values: readonly number[];
}

/** Whether one is nowhere worse and somewhere better than the other. */
function dominates(one: readonly number[], other: readonly number[]): boolean {
  return (
    one.every((value, index) => value <= (other[index] ?? NaN)) &&
    one.some((value, index) => value < (other[index] ?? NaN))
  );
}

/** Those that no other one dominates, then those that only they dominate, and so on. */
export function paretoFronts<Item extends Valued>(items: readonly Item[]): readonly (readonly Item[])[] {
  const fronts: Item[][] = [];
  let left = items;
  while (left.length > 0) {
    const front = left.filter((item) => !left.some((other) => dominates(other.values, item.values)));
    // Values that are no numbers dominate nothing and are dominated by nothing.
    if (front.length === 0) break;
    fronts.push(front);
    const placed = new Set(front);
    left = left.filter((item) => !placed.has(item));
  }
  return fronts;
}

/**
 * How lonely each item of a front is: the sum over the aims of the distance of its neighbours, as a share of the front's extent;
 * Infinity at the ends (Deb et al. 2002, section III-B).
 */
export function crowdingDistances<Item extends Valued>(front: readonly Item[]): ReadonlyMap<Item, number> {
  const distances = new Map(front.map((item) => [item, 0]));
  const aims = front[0]?.values.length ?? 0;
  for (let aim = 0; aim < aims; aim++) {
    const valueOf = (item: Item | undefined): number => item?.values[aim] ?? NaN;
    const sorted = front.toSorted((one, other) => valueOf(one) - valueOf(other));
    const extent = valueOf(sorted.at(-1)) - valueOf(sorted[0]);
    if (extent === 0) continue;
    for (const [index, item] of sorted.entries()) {
      const isEnd = index === 0 || index === sorted.length - 1;
      const gap = isEnd ? Infinity : (valueOf(sorted[index + 1]) - valueOf(sorted[index - 1])) / extent;
      distances.set(item, (distances.get(item) ?? 0) + gap);
    }
  }
  return distances;
}
