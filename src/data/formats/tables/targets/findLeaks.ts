import { warning, type Finding } from '../../../findings/finding.ts';
import { lacksValue, type Column, type Table } from '../column.ts';

/** Rows with both values without which a coincidence is likely. */
const LEAST_ROWS = 20;
/** Rows of each value of a column, on average, that all have one class before the column is taken to tell it. */
const ROWS_PER_VALUE = 10;
/** Fewer different values rather say what rows are like. */
const LEAST_ORIGINS = 5;
/** Relative error up to which a number is taken to be computed from the other. */
const ACCURACY = 1e-6;

/**
 * Warns of columns that repeat what is to be predicted in other words, such as `alive` beside `survived`: of classes those whose values
 * each occur with one class only, of numbers those that are the target in another unit.
 *
 * @param target the one column that is predicted
 * @param isClass whether its values are classes
 * @param features the columns that are predicted from
 */
export function findLeaks(
  table: Table,
  target: Column,
  isClass: boolean,
  features: readonly Column[],
): readonly Finding[] {
  return features.flatMap((column) => {
    const how = isClass ? classesRepeated(table, target, column) : numbersRepeated(table, target, column);
    if (how === undefined) return [];
    const ignore = `If it is not known before the target is, set dataset.columns.${column.name} to 'ignore'.`;
    return warning(
      `dataset.columns.${column.name}`,
      `The column '${column.name}' gives the target '${target.name}' away: ${how}.`,
      isClass && namesOrigins(table, target, column)
        ? `${ignore} If it says from whom or what rows are, set dataset.split to {"group": "${column.name}"}, so that rows of the same are not in several splits.`
        : ignore,
    );
  });
}

/** Whether a column may say where rows are from: it has more different values than there are classes. */
function namesOrigins({ count }: Table, target: Column, column: Column): boolean {
  const different = (each: Column): number =>
    new Set((each.kind === 'number' ? each.values : each.codes).subarray(0, count)).size;
  return different(column) >= Math.max(LEAST_ORIGINS, different(target) + 1);
}

/** How the values of a column tell the class; undefined where they do not. */
function classesRepeated(table: Table, target: Column, column: Column): string | undefined {
  const classOf = new Map<number, number>();
  const classes = new Set<number>();
  let rows = 0;
  for (let row = 0; row < table.count; row++) {
    if (lacksValue(column, row) || lacksValue(target, row)) continue;
    rows++;
    const value = cell(column, row);
    const label = cell(target, row);
    const known = classOf.get(value);
    if (known === undefined) {
      classOf.set(value, label);
      classes.add(label);
    } else if (known !== label) return undefined;
    // A column of measurements tells nothing by values that occur once.
    if (rows > ROWS_PER_VALUE * LEAST_ROWS && classOf.size > rows / 2) return undefined;
  }
  if (rows < LEAST_ROWS || classes.size < 2) return undefined;
  if (classOf.size === classes.size) return `each of its ${classOf.size} values stands for one class`;
  const isTelling = rows >= ROWS_PER_VALUE * classOf.size;
  return isTelling ? `each of its ${classOf.size} values occurs with one class only` : undefined;
}

/** How the numbers of a column give the target's; undefined where they do not. */
function numbersRepeated(table: Table, target: Column, column: Column): string | undefined {
  if (target.kind !== 'number' || column.kind !== 'number') return undefined;
  let line: { slope: number; offset: number } | undefined;
  let first: number | undefined;
  let rows = 0;
  for (let row = 0; row < table.count; row++) {
    const [x = NaN, y = NaN] = [column.values[row], target.values[row]];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    rows++;
    if (first === undefined) first = row;
    const [firstX = NaN, firstY = NaN] = [column.values[first], target.values[first]];
    if (!line) {
      if (x === firstX && y === firstY) continue;
      if (x === firstX || y === firstY) return undefined;
      const slope = (y - firstY) / (x - firstX);
      line = { slope, offset: firstY - slope * firstX };
    }
    // By differences: beside moments, whose offsets are huge, any small numbers would do.
    const error = Math.abs(line.slope * (x - firstX) - (y - firstY));
    if (!(error <= ACCURACY * Math.max(Math.abs(y), Math.abs(firstY), 1e-12))) return undefined;
  }
  if (!line || rows < LEAST_ROWS) return undefined;
  const { slope, offset } = line;
  if (Math.abs(slope - 1) < ACCURACY && Math.abs(offset) < ACCURACY) return 'it has the same numbers';
  const added = Math.abs(offset) < ACCURACY ? '' : ` ${offset < 0 ? '−' : '+'} ${short(Math.abs(offset))}`;
  return `the target is ${short(slope)} times it${added}`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function cell(column: Column, row: number): number {
  return (column.kind === 'number' ? column.values[row] : column.codes[row]) ?? NaN;
}
