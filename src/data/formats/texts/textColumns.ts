import { throwIfCancelled } from '../../cancellation.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import type { Source } from '../../source.ts';
import { isMissing } from '../tables/numbers/parseNumber.ts';
import type { Column, Table } from '../tables/column.ts';
import { fitTargets, scaleTargets } from '../tables/targets/tableTargets.ts';
import type { TableSamples, UnderstoodTables } from '../tables/understoodTables.ts';
import { areSequences } from './characterSequences.ts';
import { charactersOf, characterTokenizer } from './characterTokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';
import { tokensOfTexts } from './encodeTexts.ts';
import { TokenSamples } from './tokenSamples.ts';
import { fitVocabulary, wordsOf, wordTokenizer } from './wordTokenizer.ts';

/** How texts become samples. */
export interface TextOptions {
  /** Undefined makes one from the words of the training split. */
  readonly tokenizer: Tokenizer | undefined;
  /** Tokens of a sample. */
  readonly length: number;
  /** Most tokens of a tokenizer that is made here. */
  readonly vocabulary: number;
  readonly scaling: 'standard' | 'none';
  readonly signal?: AbortSignal | undefined;
}

const CHECK_EVERY = 1000;
/** Share of the texts that are cut off from which on it is a warning. */
const MANY_CUT = 0.1;

/** Tables of texts as samples; a tokenizer that is made here knows the words of `rows` of the training table. */
export function textColumnsSource(
  { format, plan, training, validation, test }: UnderstoodTables,
  rows: Int32Array,
  options: TextOptions,
): Source {
  const columns = plan.features.map(({ name }) => name);
  const { length } = options;
  const ofCharacters = options.tokenizer === undefined && columns.every((name) => holdsSequences(training.table, name));
  const tokenizer =
    options.tokenizer ??
    (ofCharacters ? characterTokenizer : wordTokenizer)(
      fitVocabulary(
        unitsOf(ofCharacters ? charactersOf : wordsOf, training.table, columns, rows, options),
        options.vocabulary,
      ),
    );
  const scales = fitTargets(plan.targets, training.targets, rows, options.scaling === 'standard');
  let cut = 0;
  const splitOf = ({ table, targets }: TableSamples): TokenSamples => {
    const { tokens, cut: own } = tokensOfTexts(tokenizer, table.count, textsOf(table, columns), length, options.signal);
    cut += own;
    return new TokenSamples(tokens, length, scaleTargets(targets, scales));
  };
  const splits = {
    training: splitOf(training),
    ...(validation && { validation: splitOf(validation) }),
    ...(test && { test: splitOf(test) }),
  };
  const count = splits.training.count + (splits.validation?.count ?? 0) + (splits.test?.count ?? 0);
  return {
    format,
    task: plan.targets.task,
    samples: { kind: 'tokens', vocabulary: tokenizer.vocabulary, padding: tokenizer.padding },
    sampleShape: [length],
    ...splits,
    preparation: {
      kind: 'text',
      columns,
      tokens: tokenizer.code,
      length,
      padding: tokenizer.padding,
      targets: scales,
    },
    findings: [...plan.findings, ...tokenFindings(ofCharacters, cut, count, length)],
  };
}

/** Whether the cells of a column are sequences of characters that hardly occur twice, which words do not divide. */
function holdsSequences({ columns, count }: Table, name: string): boolean {
  const column = columns.find((each) => each.name === name);
  if (column?.kind !== 'words') return false;
  const cells = [...new Set(column.codes.subarray(0, count))]
    .map((code) => column.words[code] ?? '')
    .filter((cell) => !isMissing(cell));
  return cells.length > count / 2 && areSequences(cells);
}

/** The words, or the characters, of the texts that a tokenizer is made from. */
function* unitsOf(
  divide: (text: string) => readonly string[],
  table: Table,
  columns: readonly string[],
  rows: Int32Array,
  { signal }: TextOptions,
): Generator<readonly string[]> {
  const textOf = textsOf(table, columns);
  for (const [index, row] of rows.entries()) {
    if (index % CHECK_EVERY === 0) throwIfCancelled(signal);
    yield divide(textOf(row));
  }
}

/** What is told of how texts became tokens. */
function tokenFindings(ofCharacters: boolean, cut: number, count: number, length: number): readonly Finding[] {
  const told: Finding[] = [];
  if (ofCharacters) {
    const message =
      'The texts have no blanks and are read character by character; dataset.tokenizer names a tokenizer.json that divides them otherwise.';
    told.push(information('dataset.tokenizer', message));
  }
  if (cut > 0) {
    const message = `${cut} of ${count} texts have more than ${length} tokens; what is behind them is cut off.`;
    const hint = 'Choose a larger dataset.length where it may matter.';
    told.push(
      cut > count * MANY_CUT
        ? warning('dataset.length', message, hint)
        : information('dataset.length', `${message} ${hint}`),
    );
  }
  return told;
}

/** The text of a row: that of the columns, joined with a space. */
export function textsOf(table: Table, names: readonly string[]): (row: number) => string {
  const columns = names.flatMap((name) => table.columns.filter((column) => column.name === name));
  return (row) =>
    columns
      .map((column) => cellText(column, row))
      .join(' ')
      .trim();
}

function cellText(column: Column, row: number): string {
  return column.kind === 'words' ? (column.words[column.codes[row] ?? 0] ?? '') : String(column.values[row] ?? '');
}
