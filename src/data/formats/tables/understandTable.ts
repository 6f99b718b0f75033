import type { Problem } from '../../errors.ts';
import type { DatasetOptions } from '../dataset.ts';
import { information, warning, type Finding } from '../finding.ts';
import { refuseIfAny } from '../problems.ts';
import { chooseTargets, unknownColumn, type ChosenTargets } from './chooseTargets.ts';
import { lacksValue, type Column, type Storage, type Table } from './column.ts';
import { judgeColumn } from './judgeColumn.ts';

/** What the columns of a table are used as. */
export interface TablePlan {
  readonly targets: ChosenTargets;
  /** Columns that become the sample: numbers and categories, or nothing but texts. */
  readonly features: readonly Column[];
  readonly content: 'values' | 'texts';
  /** The column whose equal values stay in one split. */
  readonly group: Column | undefined;
  readonly findings: readonly Finding[];
}

export type TableChoices = Pick<DatasetOptions, 'columns' | 'target' | 'task' | 'split'>;

/** How columns must be kept for what the experiment says that they are. */
export function storageFor({ columns }: TableChoices): ReadonlyMap<string, Storage> {
  return new Map(
    Object.entries(columns ?? {}).flatMap(([name, kind]) =>
      kind === 'ignore' ? [] : [[name, kind === 'number' ? 'number' : 'words'] as const],
    ),
  );
}

/**
 * Decides what every column of the training table is used as.
 *
 * @throws BadInputError with everything in the experiment's choices that does not fit
 */
export function understandTable(table: Table, choices: TableChoices): TablePlan {
  const problems: Problem[] = [];
  const findings: Finding[] = table.remarks.map((remark) => warning('dataset.path', remark));
  for (const name of Object.keys(choices.columns ?? {})) {
    if (!table.columns.some((column) => column.name === name)) {
      problems.push(unknownColumn(`dataset.columns.${name}`, name, table));
    }
  }
  const groupName = choices.split?.group;
  const group = table.columns.find(({ name }) => name === groupName);
  if (groupName !== undefined && !group) problems.push(unknownColumn('dataset.split.group', groupName, table));
  const targets = chooseTargets(table, choices, problems);
  const taken = new Set<Column | undefined>([...(targets?.columns ?? []), group]);
  const { values, texts } = sortColumns(
    table,
    table.columns.filter((column) => !taken.has(column)),
    choices,
    findings,
  );
  const asked = texts.filter(({ name }) => choices.columns?.[name] === 'text');
  const useTexts = asked.length > 0 || values.length === 0;
  const features = asked.length > 0 ? asked : useTexts ? texts : values;
  if (features.length === 0 && problems.length === 0) {
    problems.push({
      where: 'dataset.columns',
      message: `No column of ${table.file} is left to predict from.`,
      hint: `${findings.map(({ message }) => message).join(' ')} Say in dataset.columns what a column is.`.trim(),
    });
  }
  refuseIfAny(problems);
  // Never undefined here: whoever found no targets said so.
  if (!targets) throw new TypeError('A table without targets was not refused.');
  findings.push(...leftOut(useTexts ? values : texts, useTexts ? 'texts' : 'values'));
  findings.push(...missingValues(table, features));
  return { targets, features, content: useTexts ? 'texts' : 'values', group, findings };
}

function sortColumns(
  table: Table,
  columns: readonly Column[],
  { columns: kinds }: TableChoices,
  findings: Finding[],
): { readonly values: readonly Column[]; readonly texts: readonly Column[] } {
  const values: Column[] = [];
  const texts: Column[] = [];
  for (const column of columns) {
    const asked = kinds?.[column.name];
    if (asked === 'ignore') continue;
    const judged = asked === undefined ? judgeColumn(column, table.count) : { kind: asked };
    if (judged.kind === 'ignore') {
      findings.push(
        warning(
          `dataset.columns.${column.name}`,
          `The column '${column.name}' is left out: it ${judged.reason}.`,
          `Give its kind in dataset.columns to use it all the same, or 'ignore' to say that this is right.`,
        ),
      );
    } else (judged.kind === 'text' ? texts : values).push(column);
  }
  return { values, texts };
}

function leftOut(columns: readonly Column[], content: 'values' | 'texts'): readonly Finding[] {
  return columns.map(({ name }) =>
    content === 'texts'
      ? warning(
          `dataset.columns.${name}`,
          `The column '${name}' is left out: the samples are texts.`,
          'A sample is either a text or numbers and categories.',
        )
      : warning(
          `dataset.columns.${name}`,
          `The column '${name}' is left out: it holds texts, and other columns hold numbers or categories.`,
          `Set dataset.columns to {"${name}": "text"} to learn from the text instead.`,
        ),
  );
}

function missingValues(table: Table, features: readonly Column[]): readonly Finding[] {
  return features.flatMap((column) => {
    let missing = 0;
    for (let row = 0; row < table.count; row++) if (lacksValue(column, row)) missing++;
    if (missing === 0) return [];
    const instead = column.kind === 'number' ? 'the mean stands in for them' : 'they are a category of their own';
    const share = `${missing} of ${table.count} values of '${column.name}' are missing`;
    return [information(`dataset.columns.${column.name}`, `${share}; ${instead}.`)];
  });
}
