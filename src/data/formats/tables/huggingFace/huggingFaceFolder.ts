import { basename, dirname, extname, join } from 'node:path';
import { BadInputError } from '../../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import { listOf } from '../../../findings/wording.ts';
import type { SplitName } from '../../splitNames.ts';
import type { Storage, Table } from '../column.ts';
import { readArrow } from '../arrow/readArrow.ts';
import { readParquetRows } from '../parquet/readParquet.ts';
import { shardedTables, type ShardedTable } from '../reading/shards.ts';
import type { ReadingContext, TableReader } from '../reading/tableReader.ts';
import { refuseOtherColumns, typedRowsTable, type TypedRows } from '../reading/typedRows.ts';
import { tablesSource } from '../tablesSource.ts';
import { readerOf } from '../textTableFormat.ts';
import { chooseConfiguration } from './chooseConfiguration.ts';
import { partitionOf } from './partitions.ts';
import { readDatasetCard, type ClassNames, type DatasetCard } from './datasetCard.ts';
import { listTables } from './listTables.ts';

const TYPED = /\.(?:parquet|arrow|feather)$/i;

/** Folders of tables as the Hugging Face hub has them. */
export const huggingFaceFolders = {
  description:
    'a folder of a Hugging Face dataset: a README that says which files its splits are, data/train-00000-of-00001.parquet, or a ' +
    'folder for each split or configuration',
  recognises: async (location) => (await tablesIn(location)) !== undefined,
  open: openFolder,
} satisfies Format;

/** The tables of a folder that is one of Hugging Face's. Where tables lie in the folder itself, only a README makes it one. */
async function tablesIn({
  folder,
  file,
  files,
  folders,
}: Location): Promise<{ readonly files: readonly string[]; readonly card: DatasetCard } | undefined> {
  if (file !== undefined || (folders.length === 0 && !files.includes('README.md'))) return undefined;
  if (files.includes('dataset_dict.json')) return undefined;
  const found = await listTables(folder);
  if (!found || found.length === 0) return undefined;
  const card = await readDatasetCard(folder);
  const lieBelow = found.every((name) => name.includes('/'));
  return lieBelow || card.configurations.length > 0 ? { files: found, card } : undefined;
}

async function openFolder(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const { folder } = location;
  const found = await tablesIn(location);
  if (!found) throw new TypeError('Only folders that were recognised are opened.');
  const { card, files } = found;
  const chosen = chooseConfiguration(folder, files, card, options.table);
  const classNames =
    card.classNames.get(chosen.configuration) ?? card.classNames.get('default') ?? card.classNames.get('');
  const notes: string[] = [];
  if (chosen.configuration !== '')
    notes.push(
      `The configuration '${chosen.configuration}' of ${basename(folder)} is read; dataset.table names another.`,
    );
  if (chosen.others.length > 0)
    notes.push(
      `Of ${basename(folder)}, ${chosen.others.slice(0, 10).join(', ')} ${chosen.others.length === 1 ? 'is' : 'are'} of no split that is used.`,
    );
  const reader = (split: SplitName): TableReader | undefined => {
    const names = chosen.splits[split];
    if (names.length === 0) return undefined;
    const read = readerOfFiles(folder, split, names, { classNames, wanted: undefined, context });
    if (split !== 'training') return read;
    return async (storage) => {
      const table = await read(storage);
      return { ...table, notes: [...notes, ...(table.notes ?? [])] };
    };
  };
  const training = reader('training');
  if (!training) throw new TypeError('A configuration has a training split.');
  const [first = ''] = chosen.splits.training;
  return tablesSource(
    {
      format: `Hugging Face (${extname(first).slice(1).toUpperCase()})`,
      folder: join(folder, dirname(first)),
      training,
      validation: reader('validation'),
      test: reader('test'),
    },
    context,
    options,
  );
}

interface ReadingWishes {
  readonly classNames: ClassNames | undefined;
  readonly wanted: string | undefined;
  readonly context: ReadingContext;
}

/** How the files of a split are read as one table. */
function readerOfFiles(
  folder: string,
  split: SplitName,
  names: readonly string[],
  { classNames, wanted, context }: ReadingWishes,
): TableReader {
  const [first = ''] = names;
  if (!TYPED.test(first)) {
    if (names.length === 1) return readerOf(join(folder, first), wanted, context);
    throw new BadInputError([
      pathProblem(
        `${folder} has several files for the ${split} split: ${names.slice(0, 10).join(', ')}.`,
        'Join them, or name one; only Parquet and Arrow are read from several files.',
      ),
    ]);
  }
  const table = oneTable(folder, split, names);
  const declared =
    classNames &&
    JSON.stringify({
      info: { features: Object.fromEntries(Object.entries(classNames).map(([name, each]) => [name, { names: each }])) },
    });
  const read = (from: ShardedTable): Promise<TypedRows> =>
    /\.parquet$/i.test(first) ? readParquetRows(from, context.signal) : readArrow(from, context.signal);
  const divided = Object.keys(partitionOf(first));
  if (divided.length > 0)
    return (storage) => dividedTable({ folder, names, columns: divided }, table.name, read, storage);
  return async (storage) => {
    const rows = await read(table);
    return typedRowsTable({ ...rows, huggingFace: rows.huggingFace ?? declared }, storage);
  };
}

/** Files in folders that are called like columns and their values, which their rows do not hold. */
async function dividedTable(
  {
    folder,
    names,
    columns,
  }: { readonly folder: string; readonly names: readonly string[]; readonly columns: readonly string[] },
  file: string,
  read: (table: ShardedTable) => Promise<TypedRows>,
  storage: ReadonlyMap<string, Storage>,
): Promise<Table> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let wanted: readonly string[] | undefined;
  for (const name of names) {
    const part = await read({ name: basename(name), paths: [join(folder, name)] });
    const found = part.rows[0] && Object.keys(part.rows[0]);
    refuseOtherColumns(name, wanted, found);
    wanted ??= found;
    const own = partitionOf(name);
    for (const row of part.rows) rows.push({ ...own, ...row });
  }
  const table = typedRowsTable({ file, rows, huggingFace: undefined }, storage);
  const are = columns.length === 1 ? 'is a column' : 'are columns';
  const note = `${listOf(columns)} ${are} by the names of folders, such as ${dirname(names[0] ?? '')}.`;
  return { ...table, notes: [note, ...(table.notes ?? [])] };
}

/** All files of a split as one table. @throws BadInputError naming shards that are missing */
function oneTable(folder: string, split: SplitName, names: readonly string[]): ShardedTable {
  const byFolder = new Map<string, string[]>();
  for (const name of names) byFolder.set(dirname(name), [...(byFolder.get(dirname(name)) ?? []), basename(name)]);
  const tables = [...byFolder].flatMap(([inner, files]) => [...shardedTables(join(folder, inner), files).values()]);
  const [only, second] = tables;
  if (only && !second) return only;
  return { name: `${split} (${names.length} files)`, paths: tables.flatMap(({ paths }) => paths) };
}
