import { stat } from 'node:fs/promises';
import type { ShardedTable } from '../reading/shards.ts';
import { typedStream } from '../streaming/typedStream.ts';
import type { TableStream } from '../streaming/tableStream.ts';
import { eachArrowRow, sizeOfArrow } from './readArrow.ts';

/** Times its size that a file takes as columns at most, as far as files go that are not packed well. */
const MOST_UNPACKED = 32;

/** Arrow data, a file at a time. */
export function arrowStream(table: ShardedTable, signal: AbortSignal | undefined): TableStream {
  return typedStream(table.name, {
    rough: async () => {
      let bytes = 0;
      for (const path of table.paths) bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
      return MOST_UNPACKED * bytes;
    },
    size: () => sizeOfArrow(table),
    each: (take) => eachArrowRow(table, take, signal),
  });
}
