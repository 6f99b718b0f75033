import { basename, extname, join } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import { SPLIT_NAMES, splitWords } from '../splitNames.ts';
import { hasListBeside } from '../images/listedClassNames.ts';
import { holdsClassesOfSplits } from '../images/splitFolders.ts';
import { openJson } from './json/openJson.ts';
import { jsonTable, readJson } from './json/readJson.ts';
import { openPairs } from './paired/pairedFiles.ts';
import { pairsAt } from './paired/pairedFolders.ts';
import { plainTextKind, tellsNothing } from './reading/plainTextKind.ts';
import { readDelimited } from './reading/readDelimited.ts';
import {
  filesByEnding,
  partsOfSplits,
  splitFiles,
  SPLIT_ENDING,
  SUBMISSION,
  type SplitFiles,
  type SplitParts,
} from './reading/tableFiles.ts';
import { readersOf, streamsOf, type ShardedSplits, type ShardedTable } from './reading/shards.ts';
import { withFindings } from '../../findings/withFindings.ts';
import { listOf } from '../../findings/wording.ts';
import { information, type Finding } from '../../findings/finding.ts';
import type { ReadingContext, TableReader } from './reading/tableReader.ts';
import { delimitedStream } from './streaming/delimitedStream.ts';
import { tablesSource } from './tablesSource.ts';

/** What names of tables end with. */
export const TABLE_ENDING = /\.(?:csv|tsv|tab|jsonl|ndjson)$/i;
const JSON_ENDING = /\.(?:jsonl|ndjson|json|geojson)$/i;
/** Names of files that may be tables or something else. */
const UNTOLD_ENDING = /\.(?:txt|data|dat)$/i;

/** Tables: a file for all samples, or one for each split. */
export const tables = {
  description:
    'tables: a file of comma- or tab-separated values (.csv, .tsv) or of JSON (.jsonl, .json), or a folder with ' +
    'files called train, validation and test',
  // A table beside several folders is less likely to be the data than they are.
  recognises: async (location) => {
    const { folder, file, files, folders } = location;
    if (file !== undefined) return isTable(join(folder, file));
    if (await pairsAt(location)) return true;
    if (folders.length > 1 || (await holdsClassesOfSplits(location)) || (await hasListBeside(location))) return false;
    const ending = textTableEnding(location);
    const first = filesByEnding(files)?.training ?? files.find((name) => ending.test(name));
    if (first === undefined) return false;
    return (
      !(UNTOLD_ENDING.test(first) || SPLIT_ENDING.test(first)) || (await plainTextKind(join(folder, first))) === 'table'
    );
  },
  open: openTables,
} satisfies Format;

/** A file whose name leaves open what it is, is a table when its lines have the same number of cells. */
async function isTable(path: string): Promise<boolean> {
  if (TABLE_ENDING.test(path) || JSON_ENDING.test(path)) return true;
  return tellsNothing(basename(path)) && (await plainTextKind(path)) === 'table';
}

async function openTables(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const { folder, imagesFolder = folder } = location;
  const pairs = await pairsAt(location);
  if (pairs) return openPairs(pairs.folder, pairs.pairs, context, options);
  const ending = textTableEnding(location);
  const parts = partsOfSplits(location, ending);
  if (parts && !parts.training.some((name) => JSON_ENDING.test(name))) {
    const source = await openDelimited(imagesFolder, splitsOfParts(folder, parts), context, options);
    return withFindings(source, [toldParts(parts)]);
  }
  const names = splitFiles(location, ending);
  if (JSON_ENDING.test(names.training)) return openJson(location, names, context, options);
  const table = (name: string): ShardedTable => ({ name, paths: [join(folder, name)] });
  const splits = {
    training: table(names.training),
    validation: names.validation === undefined ? undefined : table(names.validation),
    test: names.test === undefined ? undefined : table(names.test),
  };
  const source = await openDelimited(imagesFolder, splits, context, options);
  return withFindings(source, unusedTables(location, names));
}

/** Names tables beside those of the splits, which may belong to them. */
function unusedTables({ file, files }: Location, { training, validation, test }: SplitFiles): readonly Finding[] {
  const used = [training, validation, test];
  const others = files.filter((name) => TABLE_ENDING.test(name) && !used.includes(name) && !SUBMISSION.test(name));
  if (file !== undefined || others.length === 0) return [];
  const are = others.length === 1 ? 'is' : 'are';
  return [information('dataset.path', `${listOf(others)} beside ${training} ${are} not used.`)];
}

async function openDelimited(
  folder: string,
  splits: ShardedSplits,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const { signal, encoding } = context;
  const [first = ''] = splits.training.paths;
  return tablesSource(
    {
      folder,
      format: extname(first).slice(1).toUpperCase() || 'table',
      ...readersOf(splits, (table) => (storage) => readDelimited(table, { storage, signal, encoding })),
      streams: streamsOf(splits, (table) => delimitedStream(table, context)),
    },
    context,
    options,
  );
}

/** The tables of the splits, each called by its first file. */
export function splitsOfParts(folder: string, parts: SplitParts): ShardedSplits {
  const table = (names: readonly string[]): ShardedTable => ({
    name: names.length > 1 ? `${names[0] ?? ''} and ${names.length - 1} more` : (names[0] ?? ''),
    paths: names.map((name) => join(folder, name)),
  });
  return {
    training: table(parts.training),
    validation: parts.validation.length === 0 ? undefined : table(parts.validation),
    test: parts.test.length === 0 ? undefined : table(parts.test),
  };
}

function toldParts({ training, validation, test }: SplitParts): Finding {
  const several = [training, validation, test].filter((names) => names.length > 1);
  const named = several.map((names) => `${names.length} files, ${names[0] ?? ''} to ${names.at(-1) ?? ''}`).join('; ');
  return information(
    'dataset.path',
    `Files that are called alike but for numbers are one table: ${named}. To use one alone, name it.`,
  );
}

/** How a table of text is read. */
export function readerOf(path: string, wanted: string | undefined, { signal, encoding }: ReadingContext): TableReader {
  if (!JSON_ENDING.test(path)) return (storage) => readDelimited(path, { storage, signal, encoding });
  return async (storage) => jsonTable(basename(path), (await readJson(path, wanted, signal)).training, storage);
}

/**
 * What the names of the tables of text at a location end with. Of a folder, JSON texts and .txt count only where one is called train, or a JSON text is
 * all there is, and where there is nothing that is surely a table.
 */
export function textTableEnding({ file, files, folders }: Location): RegExp {
  const has = (pattern: RegExp): boolean => files.some((name) => pattern.test(name));
  if (file !== undefined || has(TABLE_ENDING)) return TABLE_ENDING;
  const hasTraining = (ending: RegExp): boolean =>
    files.some((name) => ending.test(name) && splitWords(name).some((word) => isTrainingWord(word)));
  const isAlone = files.length === 1 && folders.length === 0 && has(/\.json$/i);
  if (isAlone || hasTraining(/\.json$/i)) return /\.json$/i;
  if (hasTraining(/\.txt$/i)) return /\.txt$/i;
  if (filesByEnding(files)) return SPLIT_ENDING;
  return has(/\.da(?:ta|t)$/i) ? /\.da(?:ta|t)$/i : TABLE_ENDING;
}

function isTrainingWord(word: string): boolean {
  return (SPLIT_NAMES.training as readonly string[]).includes(word);
}
