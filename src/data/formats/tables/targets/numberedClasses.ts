import { information, warning, type Finding } from '../../../findings/finding.ts';
import type { NumberColumn } from '../column.ts';

/** What a teacher that exists already says about the data, by what it declares. */
export interface TeacherWidths {
  /** Numbers that it takes for a sample; undefined where it does not say. */
  readonly input: number | undefined;
  /** Numbers that it gives for a sample; undefined where it does not say. */
  readonly output: number | undefined;
  /** Whether it knows what to do where numbers are missing, so that it can be told. */
  readonly takesMissing?: boolean | undefined;
  /** The column that it was trained to predict; left out where it does not say. */
  readonly target?: string | undefined;
}

/** How a column of numbers is learned, and what there is to say about it. */
export interface NumberedTask {
  readonly kind: 'classification' | 'regression';
  readonly findings: readonly Finding[];
}

/** A column of whole numbers with no more different ones is a class, whatever its name. */
const FEW_CLASSES = 20;
/** Names of columns whose numbers are classes even when there are many. */
const CLASS_NAMES =
  /(?:^|[^a-z])(?:labels?|class(?:es)?|classid|category|categor(?:y|ies)id|species|kind|type|digit|letter|cluster)(?:$|[^a-z])/i;
/** Rows of each value, on average, that classes have at least. */
const LEAST_ROWS = 2;
/** Rows of each value, on average, with which numbers may be classes though their name does not say so. */
const MANY_ROWS = 10;
const MOST_CLASSES = 10_000;

/**
 * Decides whether the numbers of a target are classes or are regressed on: classes are whole numbers that occur again and again. Up to 20
 * are classes whatever they are called; of more the teacher decides where it gives a number for each of them, or a single one; else the
 * column's name, that its numbers have names, or that an array of whole numbers leaves none out. Where that leaves doubt, a finding says what was taken and how to say otherwise.
 *
 * @param count rows of the column
 */
export function judgeNumberedTarget(
  column: NumberColumn,
  count: number,
  teacher: TeacherWidths | undefined,
): NumberedTask {
  if (column.namesClasses === true) return { kind: 'classification', findings: [] };
  const distinct = new Set<number>();
  let [least, most] = [Infinity, -Infinity];
  for (let row = 0; row < count; row++) {
    const value = column.values[row] ?? NaN;
    if (!Number.isInteger(value) || distinct.size > MOST_CLASSES) return { kind: 'regression', findings: [] };
    distinct.add(value);
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const rows = count / distinct.size;
  const counts = `${distinct.size} different whole numbers, ${least} to ${most}, in ${count} rows`;
  const judged = (kind: NumberedTask['kind'], reason: string, doubtful: boolean): NumberedTask => {
    const taken =
      kind === 'classification' ? 'they are taken for classes' : 'they are taken for a quantity (regression)';
    const other = kind === 'classification' ? 'regression' : 'classification';
    const message = `The target '${column.name}' has ${counts}; ${taken}, ${reason}.`;
    const change = `Set dataset.task to '${other}' if that is wrong, or to '${kind}' if it is right.`;
    return {
      kind,
      findings: [
        doubtful ? warning('dataset.task', message, change) : information('dataset.task', `${message} ${change}`),
      ],
    };
  };
  if (distinct.size > 1 && teacher?.output === distinct.size) {
    return judged('classification', 'as the teacher has so many outputs', false);
  }
  if (teacher?.output === 1 && distinct.size > 2) return judged('regression', 'as the teacher has one output', false);
  if (distinct.size <= FEW_CLASSES) {
    if (rows >= LEAST_ROWS || count < FEW_CLASSES) {
      const isPlain = distinct.size <= 2 || CLASS_NAMES.test(column.name);
      return isPlain ? { kind: 'classification', findings: [] } : judged('classification', 'as there are few', false);
    }
    return judged('regression', 'as hardly one occurs twice', true);
  }
  // fooId, class_id and the like are split into words.
  const name = column.name.replace(/([a-z])([A-Z])/g, '$1 $2');
  if (CLASS_NAMES.test(name) && rows >= LEAST_ROWS)
    return judged('classification', 'as the name of the column says', true);
  const isContiguous = distinct.size === most - least + 1 && (least === 0 || least === 1);
  if (isContiguous && column.isInteger === true && rows >= LEAST_ROWS) {
    return judged('classification', 'as they are stored as whole numbers and leave none out', true);
  }
  if (isContiguous && rows >= MANY_ROWS)
    return judged('regression', 'as its name does not say that they are classes', true);
  return judged('regression', `as there are more than ${FEW_CLASSES}`, rows >= MANY_ROWS);
}
