import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInputError } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { locate } from '../../location.ts';
import { pathProblem } from '../../problems.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import { splitFiles } from '../tableFiles.ts';
import type { TableReader } from '../tableReaders.ts';
import { tablesSource } from '../tablesSource.ts';
import { typedRowsTable } from '../typedRows.ts';
import { beginsAsFile, beginsAsStream } from './checkArrow.ts';
import { readArrow, type ArrowTable } from './readArrow.ts';

const ENDING = /\.(?:arrow|feather|arrows|ipc)$/i;
/** One of several files of a table, as Hugging Face calls them. */
const SHARD = /-(\d{5,})-of-(\d{5,})(?=\.[^.]+$)/;
/** Lies in a folder that Hugging Face `datasets` saved splits to, each in a folder of its own. */
const SAVED_SPLITS = 'dataset_dict.json';

/** Arrow files and streams, among them those of Hugging Face `datasets` and Feather. */
export const arrowFiles = {
  description:
    'Arrow: a file or stream (.arrow, .feather), a folder with files called train, validation and test, or one that Hugging Face ' +
    '`datasets` saved',
  recognises: ({ folder, file, files }) =>
    file === undefined
      ? files.some((name) => name === SAVED_SPLITS || ENDING.test(name))
      : ENDING.test(file) || beginsAsArrow(join(folder, file)),
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

interface ArrowSplits {
  readonly training: ArrowTable;
  readonly validation: ArrowTable | undefined;
  readonly test: ArrowTable | undefined;
}

async function openArrow(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const isSaved = location.file === undefined && location.files.includes(SAVED_SPLITS);
  const { training, validation, test } = isSaved ? await savedSplits(location) : splitTables(location);
  const reader =
    (table: ArrowTable): TableReader =>
    async (storage) =>
      typedRowsTable(await readArrow(table, context.signal), storage);
  return tablesSource(
    {
      format: 'Arrow',
      folder: location.folder,
      training: reader(training),
      ...(validation && { validation: reader(validation) }),
      ...(test && { test: reader(test) }),
    },
    context,
    options,
  );
}

/** The splits of files side by side. */
function splitTables({ folder, file, files }: Location): ArrowSplits {
  if (file !== undefined) {
    return { training: { name: file, paths: [join(folder, file)] }, validation: undefined, test: undefined };
  }
  const tables = tablesOf(folder, files);
  const names = splitFiles({ folder, folders: [], file, files: [...tables.keys()] }, ENDING);
  const table = (name: string | undefined): ArrowTable | undefined =>
    name === undefined ? undefined : tables.get(name);
  const training = table(names.training);
  if (!training) throw new TypeError('The training split is one of the tables.');
  return { training, validation: table(names.validation), test: table(names.test) };
}

/** The splits in folders called train, validation and test. */
async function savedSplits({ folder, folders }: Location): Promise<ArrowSplits> {
  const read = async (names: readonly string[]): Promise<ArrowTable | undefined> => {
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

/**
 * The tables of a folder by name; shards make one table.
 *
 * @throws BadInputError naming shards that are missing
 */
function tablesOf(folder: string, files: readonly string[]): ReadonlyMap<string, ArrowTable> {
  const shards = new Map<string, string[]>();
  for (const file of files.filter((name) => ENDING.test(name))) {
    const name = file.replace(SHARD, '');
    shards.set(name, [...(shards.get(name) ?? []), file]);
  }
  return new Map(
    [...shards].map(([name, names]) => {
      const count = Number(SHARD.exec(names[0] ?? '')?.[2] ?? 1);
      if (names.length !== count) {
        throw new BadInputError([
          pathProblem(
            `${basename(folder)} has ${names.length} of the ${count} files of ${name}: ${names.slice(0, 10).join(', ')}.`,
            'Put all of them there.',
          ),
        ]);
      }
      return [name, { name, paths: names.map((each) => join(folder, each)) }];
    }),
  );
}
