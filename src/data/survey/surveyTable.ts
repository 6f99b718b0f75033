import type { DatasetOptions } from '../dataset.ts';
import type { Column, Table } from '../formats/tables/column.ts';
import { isMissingWord } from '../formats/tables/numbers/parseNumber.ts';
import type { Finding } from '../findings/finding.ts';
import type { ColumnSurvey, TableSurvey } from './survey.ts';

/** Different numbers of a column that are counted. */
const MOST_DISTINCT = 1000;
/** Values that are told by name, and columns that might be predicted. */
const MOST_NAMED = 5;
const MOST_ALTERNATIVES = 8;
/** A column with no more different values may be classes. */
const FEW_CLASSES = 20;

/** What was decided about the columns of a table. */
export interface DecidedColumns {
  readonly targets: readonly Column[];
  readonly features: readonly Column[];
  readonly content: 'values' | 'texts';
  readonly dates: ReadonlyMap<Column, unknown>;
  readonly group: Column | undefined;
  readonly findings: readonly Finding[];
}

/** What the columns of a training table hold, and what each is used as. */
export function surveyTable(
  table: Table,
  decided: DecidedColumns,
  { target }: Pick<DatasetOptions, 'target'>,
): TableSurvey {
  const columns = table.columns.map((column) => surveyColumn(column, table, useOf(column, decided)));
  const names = decided.targets.map(({ name }) => name);
  const alternatives = columns
    .filter(({ use, distinct, missing, name }) => {
      const isPlain = use === 'category' || use === 'number';
      const few = distinct !== null && distinct > 1 && distinct <= FEW_CLASSES;
      return isPlain && missing < table.count && (few || name === table.columns.at(-1)?.name);
    })
    .map(({ name }) => name);
  const said = decided.findings.find(({ where }) => where === 'dataset.target')?.message;
  return {
    rows: table.count,
    columns,
    target:
      names.length === 0
        ? null
        : {
            columns: names,
            reason: reasonOf(said, target, table.columns.length),
            // The last columns are the likeliest.
            alternatives: alternatives.toReversed().slice(0, MOST_ALTERNATIVES),
          },
  };
}

function reasonOf(said: string | undefined, target: DatasetOptions['target'], columns: number): string {
  const reason = said === undefined ? undefined : /, as (.*?);/.exec(said)?.[1];
  if (reason === undefined && target === undefined && columns === 1) return 'it is the only column';
  return reason ?? (target === undefined ? 'that is what targets are called' : 'it was asked for');
}

function useOf(column: Column, { targets, features, content, dates, group }: DecidedColumns): ColumnSurvey['use'] {
  if (targets.includes(column)) return 'target';
  if (column === group) return 'group';
  if (!features.includes(column)) return 'left out';
  if (content === 'texts') return 'text';
  if (dates.has(column)) return 'date';
  return column.kind === 'number' ? 'number' : 'category';
}

function surveyColumn(column: Column, { count }: Table, use: ColumnSurvey['use']): ColumnSurvey {
  const { name } = column;
  if (column.kind === 'words') {
    const counts = new Int32Array(column.words.length);
    for (let row = 0; row < count; row++) {
      const code = column.codes[row] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    const present = [...counts.keys()].filter((code) => (counts[code] ?? 0) > 0);
    const valued = present.filter((code) => !isMissingWord(column.words[code] ?? ''));
    const frequent = mostFrequent(valued.map((code) => [column.words[code] ?? '', counts[code] ?? 0] as const));
    const missing = count - valued.reduce((sum, code) => sum + (counts[code] ?? 0), 0);
    return { name, use, missing, distinct: valued.length, range: null, frequent };
  }
  let [missing, least, most, sum] = [0, Infinity, -Infinity, 0];
  const counts = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const value = column.values[row] ?? NaN;
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    if (counts.size <= MOST_DISTINCT) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const isCounted = counts.size <= MOST_DISTINCT;
  const isFew = counts.size <= FEW_CLASSES;
  return {
    name,
    use,
    missing,
    distinct: isCounted ? counts.size : null,
    range: missing === count ? null : { least, most, mean: sum / (count - missing) },
    frequent: isFew
      ? mostFrequent([...counts].map(([value, rows]) => [column.written?.get(value) ?? String(value), rows]))
      : [],
  };
}

function mostFrequent(counts: readonly (readonly [string, number])[]): ColumnSurvey['frequent'] {
  return counts
    .toSorted(([, few], [, many]) => many - few)
    .slice(0, MOST_NAMED)
    .map(([value, rows]) => ({ value, rows }));
}
