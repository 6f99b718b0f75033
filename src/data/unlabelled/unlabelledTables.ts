import { resolve } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { information } from '../findings/finding.ts';
import { pathProblem, refuseIfAny } from '../findings/problems.ts';
import { columnsOf, featureNames, tableOf } from '../formats/arrays/arrayColumns.ts';
import { arrayFiles, readSplits } from '../formats/arrays/arrayFormat.ts';
import type { Storage, Table } from '../formats/tables/column.ts';
import { TableSplit } from '../formats/tables/encodeColumns.ts';
import { tableAt } from '../formats/tables/tableFormats.ts';
import { characterTokenizer } from '../formats/texts/characterTokenizer.ts';
import { readTokenizer } from '../formats/texts/fileTokenizer.ts';
import { textsOf } from '../formats/texts/textColumns.ts';
import type { Tokenizer } from '../formats/texts/tokenizer.ts';
import { tokensOfTexts } from '../formats/texts/encodeTexts.ts';
import { TokenSamples } from '../formats/texts/tokenSamples.ts';
import { wordTokenizer } from '../formats/texts/wordTokenizer.ts';
import type { Preparation } from '../preparation.ts';
import { missingLabels } from './missingLabels.ts';
import type { UnlabelledRequest, UnlabelledSamples } from './prepared.ts';
import { readTexts } from './readTexts.ts';

/**
 * The rows of a table, prepared as those of the training split were: the same columns, means, deviations and categories. Columns that
 * are not among them, that to be predicted too, are not looked at.
 *
 * @throws BadInputError naming every column that is missing
 */
export async function unlabelledRows(
  { location, labelled, context }: UnlabelledRequest,
  { columns }: Extract<Preparation, { kind: 'table' }>,
): Promise<UnlabelledSamples> {
  const storage = new Map<string, Storage>(
    columns.flatMap((column) => {
      const part = column.kind === 'number' ? column.part : undefined;
      if (part?.is === 'missing') return [];
      return [[part?.of ?? column.name, column.kind === 'number' && !part ? 'number' : 'words'] as const];
    }),
  );
  const table = await readTable(location, storage, context);
  requireColumns(table, [...storage.keys()]);
  const unknown = columns.flatMap((code) => {
    const column = table.columns.find(({ name }) => name === code.name);
    if (code.kind !== 'category' || column?.kind !== 'words') return [];
    const known = new Set(code.categories);
    const words = [...new Set(column.words.map((word) => word.trim()))].filter(
      (word) => word !== '' && !known.has(word),
    );
    if (words.length === 0) return [];
    const message = `The column '${code.name}' of ${table.file} has ${words.length} categories that the training split lacks, such as '${words[0] ?? ''}'; they count as none.`;
    return [information('dataset.unlabelled', message)];
  });
  const split = new TableSplit(table, columns, missingLabels(table.count, labelled.training.targets));
  return { split, findings: unknown };
}

/**
 * Texts, as the tokens that those of the training split became: from the same columns of a table, from the lines of a file, or from
 * all .txt files of a folder.
 */
export async function unlabelledTexts(
  { location, labelled, options, context }: UnlabelledRequest,
  preparation: Extract<Preparation, { kind: 'text' }>,
): Promise<UnlabelledSamples> {
  const { columns, length } = preparation;
  const storage = new Map(columns.map((name) => [name, 'words'] as const));
  const reader = await tableAt(location, context);
  const table = reader ? await reader(storage) : await readTexts(location, columns, context.signal);
  requireColumns(table, columns);
  const tokenizer = await tokenizerOf(preparation, options.tokenizer, context.baseDirectory);
  const { tokens } = tokensOfTexts(tokenizer, table.count, textsOf(table, columns), length, context.signal);
  return {
    split: new TokenSamples(tokens, length, missingLabels(table.count, labelled.training.targets)),
    findings: [],
  };
}

/** The tokenizer that the training split was prepared with. */
export async function tokenizerOf(
  { tokens }: Extract<Preparation, { kind: 'text' }>,
  file: string | undefined,
  baseDirectory: string,
): Promise<Tokenizer> {
  switch (tokens.kind) {
    case 'words':
      return wordTokenizer(tokens.words);
    case 'characters':
      return characterTokenizer(tokens.characters);
    case 'file':
      return readTokenizer(resolve(baseDirectory, file ?? tokens.file));
  }
}

/** A table, or rows of numbers in an array, whose columns are called as its own names say, else, where there are as many, as those of labelled arrays are. */
async function readTable(
  location: UnlabelledRequest['location'],
  storage: ReadonlyMap<string, Storage>,
  context: UnlabelledRequest['context'],
): Promise<Table> {
  const reader = await tableAt(location, context);
  if (reader) return reader(storage);
  const name = location.file ?? location.folder;
  if (arrayFiles.recognises(location)) {
    const { training, names } = await readSplits(location);
    const { samples } = training;
    const own = featureNames(names.features, samples, []);
    return tableOf(
      name,
      samples.shape[0] ?? 0,
      columnsOf('x', samples, own.length > 0 ? own : featureNames([...storage.keys()], samples, [])),
    );
  }
  throw new BadInputError([
    pathProblem(
      `${name} is no table.`,
      'Give a .csv, .tsv, .jsonl, .parquet, .arrow, .npy or .npz file with the same columns.',
    ),
  ]);
}

function requireColumns(table: Table, names: readonly string[]): void {
  refuseIfAny(
    names
      .filter((name) => !table.columns.some((column) => column.name === name))
      .map((name) =>
        pathProblem(
          `${table.file} lacks the column '${name}' that the training split has.`,
          'Unlabelled rows need the columns that are predicted from; they need no other.',
        ),
      ),
  );
}
