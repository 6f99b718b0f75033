import { bytesOfFiles, type ShardedTable } from '../reading/shards.ts';
import { typedStream } from '../streaming/typedStream.ts';
import type { TableStream } from '../streaming/tableStream.ts';
import { eachArrowRow, sizeOfArrow } from './readArrow.ts';

/** Times its size that a file takes as columns at most, as far as files go that are not packed well. */
const MOST_UNPACKED = 32;

/** Arrow data, a file at a time. */
export function arrowStream(table: ShardedTable, signal: AbortSignal | undefined): TableStream {
  return typedStream(table.name, {
    fileBytes: () => bytesOfFiles(table),
    mostUnpacked: MOST_UNPACKED,
    size: () => sizeOfArrow(table),
    each: (take) => eachArrowRow(table, take, signal),
  });
}
