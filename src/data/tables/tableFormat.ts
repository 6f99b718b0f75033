import { basename, extname, join, resolve } from 'node:path';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { allOrProblems } from '../problems.ts';
import type { Format, Location, UnfittedSource } from '../source.ts';
import { readTokenizer } from '../text/fileTokenizer.ts';
import { hasWords, labelledRecords } from '../text/labelledWords.ts';
import { tokenLabelSource, type LabelledFile } from '../text/tokenLabels.ts';
import { readPieces } from './fileBytes.ts';
import { readDelimited } from './readDelimited.ts';
import { readJsonLines, type JsonRecord } from './readJsonLines.ts';
import { recordsTable } from './recordsTable.ts';
import { splitFiles, type SplitFiles } from './tableFiles.ts';
import type { TableReader } from './tableReaders.ts';
import { tablesSource } from './tablesSource.ts';

const ENDING = /\.(?:csv|tsv|tab|jsonl|ndjson)$/i;
const JSON_ENDING = /\.(?:jsonl|ndjson)$/i;

/** Tables: a file for all samples, or one for each split. */
export const tables = {
  description:
    'tables: a file of comma- or tab-separated values (.csv, .tsv) or of JSON objects in lines (.jsonl), or a folder with ' +
    'files called train, validation and test',
  // A table beside several folders is less likely to be the data than they are.
  recognises: ({ folder, file, files, folders }) =>
    file === undefined ? folders.length < 2 && files.some((name) => ENDING.test(name)) : isTable(join(folder, file)),
  open: openTables,
} satisfies Format;

/** A file of text is a table when its first line has a tab. */
async function isTable(path: string): Promise<boolean> {
  if (!/\.txt$/i.test(path)) return ENDING.test(path);
  let start = '';
  await readPieces(
    path,
    basename(path),
    (bytes) => {
      start = bytes.toString();
      return 0;
    },
    { stop: () => true },
  );
  return /^[^\n]*\t/.test(start);
}

async function openTables(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const { folder } = location;
  const names = splitFiles(location, ENDING);
  if (JSON_ENDING.test(names.training)) {
    const records = await readJsonLines(join(folder, names.training), context.signal);
    if (records[0] && hasWords(records[0])) return openLabelledWords(folder, names, records, context, options);
  }
  const reader = (name: string): TableReader => readerOf(join(folder, name), context.signal);
  return tablesSource(
    {
      folder,
      format: extname(names.training).slice(1).toUpperCase(),
      training: reader(names.training),
      ...(names.validation !== undefined && { validation: reader(names.validation) }),
      ...(names.test !== undefined && { test: reader(names.test) }),
    },
    context,
    options,
  );
}

function readerOf(path: string, signal: AbortSignal | undefined): TableReader {
  if (!JSON_ENDING.test(path)) return (storage) => readDelimited(path, { storage, signal });
  return async (storage) => recordsTable(basename(path), await readJsonLines(path, signal), storage);
}

async function openLabelledWords(
  folder: string,
  names: SplitFiles,
  training: readonly JsonRecord[],
  context: OpenContext,
  { target, tokenizer, length, vocabulary }: DatasetOptions,
): Promise<UnfittedSource> {
  const labelField = typeof target === 'string' ? target : target?.[0];
  const read = async (file: string | undefined): Promise<LabelledFile | undefined> => {
    if (file === undefined) return undefined;
    const records = await readJsonLines(join(folder, file), context.signal);
    return { file, texts: labelledRecords(file, records, labelField) };
  };
  const [validation, test] = await allOrProblems<[LabelledFile | undefined, LabelledFile | undefined]>([
    read(names.validation),
    read(names.test),
  ]);
  return tokenLabelSource(
    {
      format: 'JSONL',
      training: { file: names.training, texts: labelledRecords(names.training, training, labelField) },
      validation,
      test,
    },
    {
      tokenizer: tokenizer === undefined ? undefined : await readTokenizer(resolve(context.baseDirectory, tokenizer)),
      length,
      vocabulary,
    },
  );
}
