import { warning, type Finding } from '../../../findings/finding.ts';
import type { Column } from '../column.ts';

/** Rows, and share of them, from which on a number is likely to be a mark. */
const LEAST_ROWS = 5;
const LEAST_SHARE = 0.005;
/** Different numbers beside it that show what is usual. */
const LEAST_OTHERS = 10;

/** Columns that are told one by one. */
const MOST_TOLD = 5;

/**
 * Tells of numbers that stand for a missing value by what they are: -999 among 4 to 36, in many rows, and farther from all others than these are from
 * each other.
 */
export function marksForMissing(columns: readonly Column[], count: number): readonly Finding[] {
  return toldMarks(marksIn(columns, count), count);
}

/** The numbers in columns that stand for a missing value by what they are. */
export function marksIn(columns: readonly Column[], count: number): readonly MarkedColumn[] {
  return columns.flatMap((column) => {
    const far = column.kind === 'number' ? farOff(column.values.subarray(0, count)) : undefined;
    return far ? [{ name: column.name, ...far }] : [];
  });
}

/** Tells of such numbers. @param count rows of the table, of which those with a mark are counted */
export function toldMarks(found: readonly MarkedColumn[], count: number): readonly Finding[] {
  const hint = 'Leave such cells empty where they stand for a missing value.';
  const [first] = found;
  if (first && found.length > MOST_TOLD) {
    const message = `${found.length} columns have a number in many rows that is far from all others, such as ${first.value} in ${first.rows} of ${count} values of '${first.name}'; they count as numbers.`;
    return [warning('dataset.columns', message, hint)];
  }
  return found.map(({ name, value, rows, smallest, largest }) => {
    const message = `${rows} of ${count} values of '${name}' are ${value}, far from the others (${short(smallest)} to ${short(largest)}); they count as that number.`;
    return warning(`dataset.columns.${name}`, message, hint);
  });
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** A column with such a number. */
export interface MarkedColumn extends FarOff {
  readonly name: string;
}

interface FarOff {
  readonly value: number;
  readonly rows: number;
  readonly smallest: number;
  readonly largest: number;
}

/** The smallest or the largest number, where it is such a mark. */
function farOff(values: Float64Array): FarOff | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  for (const value of [low, high]) {
    if (!Number.isInteger(value)) continue;
    const others = new Set<number>();
    let [rows, smallest, largest] = [0, Infinity, -Infinity];
    for (const each of values) {
      if (each === value) rows++;
      else if (!Number.isNaN(each)) {
        if (others.size < LEAST_OTHERS) others.add(each);
        if (each < smallest) smallest = each;
        if (each > largest) largest = each;
      }
    }
    const gap = value === low ? smallest - value : value - largest;
    const isOften = rows >= LEAST_ROWS && rows >= LEAST_SHARE * values.length;
    if (isOften && others.size >= LEAST_OTHERS && gap >= largest - smallest) return { value, rows, smallest, largest };
  }
  return undefined;
}
