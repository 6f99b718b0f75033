import { join } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import type { Storage, Table } from '../column.ts';
import { parquetStream } from './parquetStream.ts';
import { readParquetRows } from './readParquet.ts';
import { beginningOf } from '../reading/beginningOf.ts';
import { readersOf, shardedTables, streamsOf, type ShardedSplits, type ShardedTable } from '../reading/shards.ts';
import { splitFiles } from '../reading/tableFiles.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { tablesSource } from '../tablesSource.ts';
import { typedRowsTable } from '../reading/typedRows.ts';

/** What Parquet files begin and end with. */
const MAGIC = 'PAR1';
/** What names of Parquet files end with. */
export const PARQUET_ENDING = /\.parquet$/i;

/** Parquet files, among them those of Hugging Face datasets with texts or images. */
export const parquetFiles = {
  description: 'Parquet: a .parquet file, or a folder with files called train, validation and test',
  recognises: async ({ folder, file, files }) => {
    if (file === undefined) return files.some((name) => PARQUET_ENDING.test(name));
    // Such as `data.parquet.gzip`, whose packing lies within.
    return PARQUET_ENDING.test(file) || (await beginningOf(join(folder, file)))?.toString('latin1', 0, 4) === MAGIC;
  },
  open: openParquet,
} satisfies Format;

function openParquet(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const splits = parquetSplits(location);
  const reader =
    (table: ShardedTable): TableReader =>
    (storage) =>
      readParquet(table, storage, context.signal);
  return tablesSource(
    {
      format: 'Parquet',
      folder: location.imagesFolder ?? location.folder,
      ...readersOf(splits, reader),
      streams: streamsOf(splits, (table) => parquetStream(table, context.signal)),
    },
    context,
    options,
  );
}

/** The tables of the splits; shards make one table. @throws BadInputError when some are missing, or it is not clear which is which */
export function parquetSplits({ folder, file, files, archive }: Location): ShardedSplits {
  if (file !== undefined) {
    return { training: { name: file, paths: [join(folder, file)] }, validation: undefined, test: undefined };
  }
  const tables = shardedTables(
    folder,
    files.filter((name) => PARQUET_ENDING.test(name)),
  );
  const names = splitFiles({ folder, folders: [], file, files: [...tables.keys()], archive }, PARQUET_ENDING);
  const table = (name: string | undefined): ShardedTable | undefined =>
    name === undefined ? undefined : tables.get(name);
  const training = table(names.training);
  if (!training) throw new TypeError('The training split is one of the tables.');
  return { training, validation: table(names.validation), test: table(names.test) };
}

/** Reads Parquet files as a table. @throws BadInputError when one is damaged; see `typedRowsTable` */
export async function readParquet(
  table: ShardedTable,
  storage: ReadonlyMap<string, Storage>,
  signal?: AbortSignal,
): Promise<Table> {
  return typedRowsTable(await readParquetRows(table, signal), storage);
}
