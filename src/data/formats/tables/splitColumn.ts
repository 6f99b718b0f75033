import type { DatasetOptions } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { listOf } from '../../findings/wording.ts';
import type { SplitName } from '../splitNames.ts';
import type { Column, Table, WordColumn } from './column.ts';
import { selectRows } from './labelledRows.ts';
import { binaryOf } from './targets/chooseTargets.ts';
import { isMissing } from './numbers/parseNumber.ts';

/** Names of columns that say which split a row is in. */
const COLUMN_NAME = /^(?:data[_ -]?)?(?:splits?|subset|partition|usage|set|phase)$/i;
/** Those of columns that say of each row whether it is in one. */
const IS_IN = /^is[_ -]?(train(?:ing)?|test)$/i;
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
  const column = table.columns
    .map(asWords)
    .find(
      (each): each is WordColumn =>
        each.kind === 'words' &&
        (COLUMN_NAME.test(each.name) || IS_IN.test(each.name)) &&
        columns?.[each.name] === undefined &&
        !used.includes(each.name) &&
        each.words.every((word) => isMissing(word) || splitOf(word, each.name) !== undefined),
    );
  if (!column) return undefined;
  const splits = column.words.map((word) => splitOf(word, column.name));
  const rowsOf = (name: SplitName): readonly number[] =>
    Array.from({ length: table.count }, (_, row) => row).filter((row) => splits[column.codes[row] ?? 0] === name);
  const [training, validation, test] = [rowsOf('training'), rowsOf('validation'), rowsOf('test')];
  if (training.length === 0 || validation.length + test.length === 0) return undefined;
  const rest = { ...table, columns: table.columns.filter(({ name }) => name !== column.name) };
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

/** Columns of 0 and 1 that say whether a row is in a split, as words. */
function asWords(column: Column): Column {
  if (column.kind !== 'number' || !IS_IN.test(column.name)) return column;
  const codes = Int32Array.from(column.values, (value) => (value === 0 ? 0 : value === 1 ? 1 : 2));
  return { kind: 'words', name: column.name, words: codes.includes(2) ? ['0', '1', '?'] : ['0', '1'], codes };
}

function splitOf(word: string, column: string): SplitName | undefined {
  const one = IS_IN.exec(column)?.[1];
  if (one !== undefined) {
    const isIn = binaryOf(word);
    return isIn === undefined ? undefined : (isIn === 1) === /^train/i.test(one) ? 'training' : 'test';
  }
  return (['training', 'validation', 'test'] as const).find((name) => WORDS[name].test(word.trim()));
}
