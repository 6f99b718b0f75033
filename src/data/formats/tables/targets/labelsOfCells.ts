import { BadInputError } from '../../../../errors.ts';
import type { Column, Table, WordColumn } from '../column.ts';
import { isMissing } from '../numbers/parseNumber.ts';
import { binaryOf } from './chooseTargets.ts';
import { labelReader, type LabelReader } from './severalInOne.ts';

const MOST_LABELS = 1000;

/** A column of cells with several labels, and all of them. */
export interface LabelledCells {
  readonly name: string;
  readonly labels: readonly string[];
  /** What the columns of the labels are called. */
  readonly names: readonly string[];
  readonly read: LabelReader;
}

/** The labels of a column of words that is to be predicted as labels which may come together; undefined where it holds 0 and 1. */
export function labelsOfCells({ columns }: Table, name: string | undefined): LabelledCells | undefined {
  const column = columns.find((each) => each.name === name);
  if (column?.kind !== 'words' || column.words.every((word) => isMissing(word) || binaryOf(word) !== undefined))
    return undefined;
  const read = labelReader(column.words);
  const labels = [...new Set(column.words.flatMap(read))].sort();
  const taken = new Set(columns.map((each) => each.name));
  const names = labels.map((label) => (taken.has(label) ? `${column.name}: ${label}` : label));
  if (labels.length <= MOST_LABELS) return { name: column.name, labels, names, read };
  throw new BadInputError([
    {
      where: 'dataset.target',
      message: `The column '${column.name}' has ${labels.length} different labels, and ${MOST_LABELS} are possible.`,
      hint: 'Keep the frequent ones, or choose another column.',
    },
  ]);
}

/**
 * The table with a column of 0 and 1 for each label, in place of that of the cells.
 *
 * @throws BadInputError where a cell has a label that is not among them
 */
export function spreadLabels(table: Table, { name, labels, names, read }: LabelledCells): Table {
  const cells = table.columns.find((column): column is WordColumn => column.name === name && column.kind === 'words');
  if (!cells) return table;
  const sets = cells.words.map((word) => new Set(read(word)));
  const known = new Set(labels);
  for (let row = 0; row < table.count; row++) {
    const unknown = [...(sets[cells.codes[row] ?? 0] ?? [])].find((label) => !known.has(label));
    if (unknown === undefined) continue;
    throw new BadInputError([
      {
        where: 'dataset.path',
        message: `Line ${table.lineOf(row)} of ${table.file} has the label '${unknown}', which the training split lacks.`,
        hint: 'Every split must have labels of the training split only.',
      },
    ]);
  }
  const spread = labels.map((label, index): Column => ({
    kind: 'number',
    name: names[index] ?? label,
    values: Float64Array.from({ length: table.count }, (_, row) =>
      sets[cells.codes[row] ?? 0]?.has(label) === true ? 1 : 0,
    ),
  }));
  return { ...table, columns: [...table.columns.filter((column) => column !== cells), ...spread] };
}
