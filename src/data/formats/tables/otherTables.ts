import { join } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import { arffFiles } from './numbered/arff.ts';
import { libsvmFiles } from './numbered/libsvm.ts';
import { beginningOf } from './reading/beginningOf.ts';
import { splitFiles } from './reading/tableFiles.ts';
import type { FileTables, TableKind } from './reading/tableKind.ts';
import type { TableReader } from './reading/tableReader.ts';
import { sqliteFiles } from './sqlite/sqliteFiles.ts';
import { tablesSource } from './tablesSource.ts';
import { workbookFiles } from './workbooks/workbookFiles.ts';

const KINDS: readonly TableKind[] = [workbookFiles, arffFiles, libsvmFiles, sqliteFiles];

/** Tables of other programs. */
export const otherTables = {
  description:
    'workbooks (.xlsx, .ods), ARFF, LIBSVM and SQLite: a file, or a folder with files called train, validation and test',
  recognises: async (location) => (await kindAt(location)) !== undefined,
  open: openTables,
} satisfies Format;

/** Whether a file of this name is such a table. */
export function isOtherTable(name: string): boolean {
  return KINDS.some(({ ending }) => ending.test(name));
}

/** How the table at a location is read, as the one that would be trained on; undefined where there is none of these kinds. */
export async function otherTableAt(
  location: Location,
  signal: AbortSignal | undefined,
): Promise<TableReader | undefined> {
  const kind = await kindAt(location);
  if (!kind) return undefined;
  return async (storage) => {
    const tables = await kind.open(
      join(location.folder, splitFiles(location, kind.ending).training),
      undefined,
      signal,
    );
    try {
      return await tables.training(storage);
    } finally {
      await tables.dispose?.();
    }
  };
}

async function kindAt({ folder, file, files, folders }: Location): Promise<TableKind | undefined> {
  if (file === undefined) {
    return folders.length > 1 ? undefined : KINDS.find(({ ending }) => files.some((name) => ending.test(name)));
  }
  const named = KINDS.find(({ ending }) => ending.test(file));
  if (named) return named;
  const beginning = await beginningOf(join(folder, file));
  return beginning && KINDS.find(({ beginsAs }) => beginsAs?.(beginning));
}

async function openTables(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const { folder, imagesFolder = folder } = location;
  const kind = await kindAt(location);
  if (!kind) throw new TypeError('Only files that were recognised are opened.');
  const names = splitFiles(location, kind.ending);
  const opened: FileTables[] = [];
  const openFile = async (name: string | undefined): Promise<FileTables | undefined> => {
    if (name === undefined) return undefined;
    const tables = await kind.open(join(folder, name), options.table, context.signal);
    opened.push(tables);
    return tables;
  };
  try {
    const training = await openFile(names.training);
    if (!training) throw new TypeError('There is always a training file.');
    const validation = (await openFile(names.validation))?.training ?? training.validation;
    const test = (await openFile(names.test))?.training ?? training.test;
    return await tablesSource(
      { format: kind.format, folder: imagesFolder, training: training.training, validation, test },
      context,
      options,
    );
  } finally {
    // All rows are in memory now.
    for (const tables of opened) await tables.dispose?.();
  }
}
