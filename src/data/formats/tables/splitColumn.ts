import type { DatasetOptions } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { listOf } from '../../findings/wording.ts';
import type { SplitName } from '../splitNames.ts';
import type { Table, WordColumn } from './column.ts';
import { selectRows } from './labelledRows.ts';
import { isMissing } from './reading/parseNumber.ts';

/** Names of columns that say which split a row is in. */
const COLUMN_NAME = /^(?:data[_ -]?)?(?:splits?|subset|partition|usage|set|phase)$/i;
/** What such a column says, with whose test it is. */
const WORDS: Readonly<Record<SplitName, RegExp>> = {
  training: /^(?:train(?:ing)?|trn)$/i,
  validation: /^(?:val(?:id(?:ation)?)?|dev|eval)$/i,
  test: /^(?:public|private)?[_ -]?(?:test(?:ing)?|tst)$/i,
};

/** The rows of a table by the split that a column names. */
export interface NamedSplits {
  readonly training: Table;
  readonly validation: Table | undefined;
  readonly test: Table | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Divides a table by a column that says which split each row is in; the column is no feature then. Undefined where there is none, or the
 * experiment uses it in another way.
 */
export function splitByColumn(table: Table, { columns, target, split, fold }: DatasetOptions): NamedSplits | undefined {
  const used = [...(typeof target === 'string' ? [target] : (target ?? [])), split?.group, split?.time];
  const column = table.columns.find(
    (each): each is WordColumn =>
      each.kind === 'words' &&
      COLUMN_NAME.test(each.name) &&
      columns?.[each.name] === undefined &&
      !used.includes(each.name) &&
      each.words.every((word) => isMissing(word) || splitOf(word) !== undefined),
  );
  if (!column) return undefined;
  const splits = column.words.map(splitOf);
  const rowsOf = (name: SplitName): readonly number[] =>
    Array.from({ length: table.count }, (_, row) => row).filter((row) => splits[column.codes[row] ?? 0] === name);
  const [training, validation, test] = [rowsOf('training'), rowsOf('validation'), rowsOf('test')];
  if (training.length === 0 || validation.length + test.length === 0) return undefined;
  const rest = { ...table, columns: table.columns.filter((each) => each !== column) };
  const where = `dataset.columns.${column.name}`;
  if (table.sampledFrom !== undefined || fold !== undefined || split !== undefined) {
    const message = `The column '${column.name}' says which split each row is in, and is left out: splits are drawn here all the same.`;
    const hint = 'Give each split a file of its own, called train, validation and test, to keep them.';
    return { training: rest, validation: undefined, test: undefined, findings: [warning(where, message, hint)] };
  }
  const words = column.words.filter((word) => !isMissing(word));
  const message = `The column '${column.name}' says which split each row is in (${listOf(words)}), and is no feature; 'ignore' in ${where} has splits drawn.`;
  const tableOf = (rows: readonly number[]): Table | undefined =>
    rows.length > 0 ? selectRows(rest, rows) : undefined;
  return {
    training: selectRows(rest, training),
    validation: tableOf(validation),
    test: tableOf(test),
    findings: [information(where, message)],
  };
}

function splitOf(word: string): SplitName | undefined {
  return (['training', 'validation', 'test'] as const).find((name) => WORDS[name].test(word.trim()));
}
