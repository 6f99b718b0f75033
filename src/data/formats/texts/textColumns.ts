import { throwIfCancelled } from '../../cancellation.ts';
import type { Source } from '../../source.ts';
import type { Column, Table } from '../tables/column.ts';
import { fitTargets, scaleTargets } from '../tables/targets/tableTargets.ts';
import type { TableSamples, UnderstoodTables } from '../tables/understoodTables.ts';
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

/** Tables of texts as samples; a tokenizer that is made here knows the words of `rows` of the training table. */
export function textColumnsSource(
  { format, plan, training, validation, test }: UnderstoodTables,
  rows: Int32Array,
  options: TextOptions,
): Source {
  const columns = plan.features.map(({ name }) => name);
  const { length } = options;
  const tokenizer = options.tokenizer ?? fitTokenizer(training.table, columns, rows, options);
  const scales = fitTargets(plan.targets, training.targets, rows, options.scaling === 'standard');
  const splitOf = ({ table, targets }: TableSamples): TokenSamples => {
    const tokens = tokensOfTexts(tokenizer, table.count, textsOf(table, columns), length, options.signal);
    return new TokenSamples(tokens, length, scaleTargets(targets, scales));
  };
  return {
    format,
    task: plan.targets.task,
    samples: { kind: 'tokens', vocabulary: tokenizer.vocabulary, padding: tokenizer.padding },
    sampleShape: [length],
    training: splitOf(training),
    ...(validation && { validation: splitOf(validation) }),
    ...(test && { test: splitOf(test) }),
    preparation: {
      kind: 'text',
      columns,
      tokens: tokenizer.code,
      length,
      padding: tokenizer.padding,
      targets: scales,
    },
    findings: plan.findings,
  };
}

function fitTokenizer(table: Table, columns: readonly string[], rows: Int32Array, options: TextOptions): Tokenizer {
  const textOf = textsOf(table, columns);
  function* texts(): Generator<readonly string[]> {
    for (const [index, row] of rows.entries()) {
      if (index % CHECK_EVERY === 0) throwIfCancelled(options.signal);
      yield wordsOf(textOf(row));
    }
  }
  return wordTokenizer(fitVocabulary(texts(), options.vocabulary));
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
