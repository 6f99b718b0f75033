import { bytesOfFiles, type ShardedTable } from '../reading/shards.ts';
import { typedStream } from '../streaming/typedStream.ts';
import type { TableStream } from '../streaming/tableStream.ts';
import { eachParquetRow, sizeOfParquet } from './readParquet.ts';

/** Times its size that a file takes as columns at most; what is packed better is refused when it is read. */
const MOST_UNPACKED = 100;

/** Parquet files, a group of rows at a time. */
export function parquetStream(table: ShardedTable, signal: AbortSignal | undefined): TableStream {
  return typedStream(table.name, {
    fileBytes: () => bytesOfFiles(table),
    mostUnpacked: MOST_UNPACKED,
    size: () => sizeOfParquet(table, signal),
    each: (take) => eachParquetRow(table, take, signal),
  });
}
