import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { TargetScale } from '../../../preparation.ts';
import type { Targets } from '../../../targets.ts';
import { binaryOf, classOf, type ChosenTargets } from './chooseTargets.ts';
import { lacksValue, missingRows, type Column, type Table } from '../column.ts';
import { meanAndDeviation } from '../statistics.ts';

/**
 * The targets of the rows of a table, in their own unit. Adds to `problems` rows without a target, or with a class that `training` lacks.
 *
 * @param table has the columns of `chosen` by name
 */
export function readTargets(table: Table, { columns: wanted, task }: ChosenTargets, problems: Problem[]): Targets {
  if (task.kind === 'matching') return { kind: 'none' };
  if (task.kind === 'reconstruction') return { kind: 'samples' };
  const columns = wanted.flatMap(({ name }) => table.columns.filter((column) => column.name === name));
  for (const column of columns) {
    if (missingRows(column, table.count) === 0) continue;
    for (let row = 0; row < table.count; row++) {
      if (!lacksValue(column, row)) continue;
      problems.push(
        pathProblem(
          `Line ${table.lineOf(row)} of ${table.file} has no value for '${column.name}', which is to be predicted.`,
        ),
      );
      break;
    }
  }
  const [first] = columns;
  if (task.kind === 'classification') {
    return { kind: 'classes', labels: first ? classLabels(table, first, task.classes, problems) : new Int32Array() };
  }
  const width = columns.length;
  const values = new Float32Array(table.count * width);
  columns.forEach((column, at) => {
    for (let row = 0; row < table.count; row++) {
      const value = numberOf(column, row);
      values[row * width + at] = task.kind === 'multi-label' && value === -1 ? 0 : value;
    }
  });
  if (task.kind === 'multi-label' && values.some((value) => value !== 0 && value !== 1)) {
    problems.push(pathProblem(`${table.file} has targets other than 0 and 1.`, 'Multi-label targets are 0 or 1.'));
  }
  return { kind: 'values', values, width };
}

function numberOf(column: Column, row: number): number {
  if (column.kind === 'number') return column.values[row] ?? NaN;
  return binaryOf(column.words[column.codes[row] ?? 0] ?? '') ?? NaN;
}

function classLabels(table: Table, column: Column, classes: readonly string[], problems: Problem[]): Int32Array {
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  // Another file may write 1.0 for 1.
  const byValue = numbersOf(classes);
  const unknown = new Map<string, number>();
  const labels = new Int32Array(table.count);
  const found = new Map<number, number>();
  const keys = column.kind === 'words' ? column.codes : column.values;
  for (let row = 0; row < table.count; row++) {
    const key = keys[row] ?? NaN;
    let label = found.get(key);
    if (label === undefined) {
      const name = classOf(column, row);
      // A full stop behind it is none of the class, as in the test of UCI's adult.
      const index = indexOf.get(name) ?? byValue?.get(Number(name)) ?? indexOf.get(name.replace(/\.$/, ''));
      if (index === undefined && !unknown.has(name)) unknown.set(name, row);
      found.set(key, (label = index ?? 0));
    }
    labels[row] = label;
  }
  for (const [name, row] of [...unknown].slice(0, 20)) {
    problems.push(
      pathProblem(
        `Line ${table.lineOf(row)} of ${table.file} has the class '${name}', which the training split lacks.`,
        'Every split must have classes of the training split only.',
      ),
    );
  }
  return labels;
}

/** The classes by the numbers that their names spell; undefined where some spell none, or the same. */
function numbersOf(classes: readonly string[]): ReadonlyMap<number, number> | undefined {
  const numbers = new Map(classes.map((name, index) => [name === '' ? NaN : Number(name), index]));
  return numbers.size === classes.length && !numbers.has(NaN) ? numbers : undefined;
}

/** Mean and standard deviation of each target over `rows` of the training split; 0 and 1 where targets are not scaled. */
export function fitTargets(
  { task }: ChosenTargets,
  targets: Targets,
  rows: Int32Array,
  scaled: boolean,
): readonly TargetScale[] {
  if (task.kind !== 'regression' || targets.kind !== 'values') return [];
  return task.targets.map((name, at) => {
    if (!scaled) return { name, mean: 0, std: 1 };
    const { mean, std } = meanAndDeviation(targets.values, { offset: at, width: targets.width }, rows);
    return { name, mean, std: std > 0 ? std : 1 };
  });
}

/** Scales the targets of a split. */
export function scaleTargets(targets: Targets, scales: readonly TargetScale[]): Targets {
  if (targets.kind !== 'values' || scales.length === 0) return targets;
  const values = targets.values.map((value, index) => {
    const { mean, std } = scales[index % targets.width] ?? { mean: 0, std: 1 };
    return (value - mean) / std;
  });
  return { ...targets, values };
}
