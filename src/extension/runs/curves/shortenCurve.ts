import type { Points } from '../../../protocol/snapshot.ts';
import type { CurveColumn } from './curveColumn.ts';
import type { Numbers } from './numbers.ts';

/** A part of a curve: rows from `first` to before `end`. */
export interface Rows {
  readonly first: number;
  readonly end: number;
}

/** Points of a curve as they are drawn; where rows were put together, also their means. */
export interface ShortCurve extends Points {
  readonly means?: Points;
}

/**
 * So many rows are put together to one bucket, a power of two, that there are `buckets` of them at most: while a curve grows, the
 * buckets stay the same until twice as many rows are there. 1 where `2 · buckets` rows are drawn as they are.
 */
export function bucketSize(rows: number, buckets: number): number {
  return rows <= 2 * buckets ? 1 : 2 ** Math.ceil(Math.log2(rows / buckets));
}

/**
 * The rows as they are where `size` is 1, else the least and the greatest value of every bucket, in the order in which they came: a spike
 * of a single row is seen, which a mean hides and which picking one row for each bucket (largest triangle) may miss, and both are found
 * without looking at every row. Of M4 (Jugel et al. 2014), which has a bucket's first and last value too, the drawing differs by less than the
 * width of a bucket. They stand at a quarter and three quarters of the bucket, for all curves of a network alike, so that under the pointer
 * all have a value. The newest row stands at the end as it is. A bucket with a gap has a gap.
 */
export function shortenCurve(x: Numbers, column: CurveColumn, { first, end }: Rows, size: number): ShortCurve {
  const points = { x: [] as number[], y: [] as (number | null)[] };
  const add = (row: number, value: number): void => {
    points.x.push(x.at(row));
    points.y.push(Number.isFinite(value) ? value : null);
  };
  if (size === 1) {
    for (let row = first; row < end; row++) add(row, column.at(row));
    return points;
  }
  const means = { x: [] as number[], y: [] as (number | null)[] };
  const stop = Math.min(column.length, Math.ceil(end / size) * size);
  for (let start = Math.floor(first / size) * size; start < stop; start += size) {
    const rows = Math.min(size, stop - start);
    const { leastAt, mostAt, sum, finite } = column.extent(start, start + rows);
    const isLast = start + rows === column.length;
    const [early, late] = isLast ? [0, (rows - 1) >> 1] : [rows >> 2, (3 * rows) >> 2];
    const [one, other] = leastAt < mostAt ? [leastAt, mostAt] : [mostAt, leastAt];
    if (!isLast || rows > 2) {
      add(start + early, finite === 0 ? NaN : finite < rows ? column.at(mostAt) : column.at(one));
      add(start + late, finite < rows ? NaN : column.at(other));
    } else if (rows === 2) add(start, column.at(start));
    if (isLast) add(column.length - 1, column.at(column.length - 1));
    means.x.push(x.at(start + (rows >> 1)));
    means.y.push(finite === 0 ? null : sum / finite);
  }
  return { ...points, means };
}
