import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError } from '../../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { locate } from '../../../location.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import { splitFiles } from '../reading/tableFiles.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { readersOf, shardedTables, streamsOf, type ShardedSplits, type ShardedTable } from '../reading/shards.ts';
import { tablesSource } from '../tablesSource.ts';
import { typedRowsTable } from '../reading/typedRows.ts';
import { beginsAsFile, beginsAsStream } from './checkArrow.ts';
import { arrowStream } from './arrowStream.ts';
import { readArrow } from './readArrow.ts';

/** What names of Arrow files end with. */
export const ARROW_ENDING = /\.(?:arrow|feather|arrows|ipc)$/i;
/** Lies in a folder that Hugging Face `datasets` saved splits to, each in a folder of its own. */
const SAVED_SPLITS = 'dataset_dict.json';

/** Arrow files and streams, among them those of Hugging Face `datasets` and Feather. */
export const arrowFiles = {
  description:
    'Arrow: a file or stream (.arrow, .feather), a folder with files called train, validation and test, or one that Hugging Face ' +
    '`datasets` saved',
  recognises: ({ folder, file, files }) =>
    file === undefined
      ? files.some((name) => name === SAVED_SPLITS || ARROW_ENDING.test(name))
      : ARROW_ENDING.test(file) || beginsAsArrow(join(folder, file)),
  open: openArrow,
} satisfies Format;

/** A file that cannot be read is left to the formats that go by names. */
async function beginsAsArrow(path: string): Promise<boolean> {
  const beginning = new Uint8Array(16);
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const { bytesRead } = await file.read(beginning, 0, beginning.length, 0);
    const bytes = beginning.subarray(0, bytesRead);
    return beginsAsFile(bytes) || beginsAsStream(bytes);
  } finally {
    await file.close();
  }
}

async function openArrow(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const splits = await splitsAt(location);
  const reader =
    (table: ShardedTable): TableReader =>
    async (storage) =>
      typedRowsTable(await readArrow(table, context.signal), storage);
  return tablesSource(
    {
      format: 'Arrow',
      folder: location.imagesFolder ?? location.folder,
      ...readersOf(splits, reader),
      streams: streamsOf(splits, (table) => arrowStream(table, context.signal)),
    },
    context,
    options,
  );
}

async function splitsAt(location: Location): Promise<ShardedSplits> {
  const isSaved = location.file === undefined && location.files.includes(SAVED_SPLITS);
  return isSaved ? savedSplits(location) : splitTables(location);
}

/** How the table at a location is read, as the one that would be trained on. */
export function arrowReader(location: Location, signal: AbortSignal | undefined): TableReader {
  return async (storage) => {
    const { training } = await splitsAt(location);
    return typedRowsTable(await readArrow(training, signal), storage);
  };
}

/** The splits of files side by side. */
function splitTables({ folder, file, files }: Location): ShardedSplits {
  if (file !== undefined) {
    return { training: { name: file, paths: [join(folder, file)] }, validation: undefined, test: undefined };
  }
  const tables = shardedTables(
    folder,
    files.filter((name) => ARROW_ENDING.test(name)),
  );
  const names = splitFiles({ folder, folders: [], file, files: [...tables.keys()] }, ARROW_ENDING);
  const table = (name: string | undefined): ShardedTable | undefined =>
    name === undefined ? undefined : tables.get(name);
  const training = table(names.training);
  if (!training) throw new TypeError('The training split is one of the tables.');
  return { training, validation: table(names.validation), test: table(names.test) };
}

/** The splits in folders called train, validation and test. */
async function savedSplits({ folder, folders }: Location): Promise<ShardedSplits> {
  const read = async (names: readonly string[]): Promise<ShardedTable | undefined> => {
    const name = folders.find((each) => names.includes(each.toLowerCase()));
    return name === undefined ? undefined : { ...splitTables(await locate(name, folder)).training, name };
  };
  const training = await read(['train', 'training']);
  if (!training) {
    throw new BadInputError([
      pathProblem(
        `${folder} has no folder called train.`,
        'Save a split called train, or name the folder of one split.',
      ),
    ]);
  }
  return { training, validation: await read(['validation', 'valid', 'val', 'dev']), test: await read(['test']) };
}
