import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInputError } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { TableStream } from '../streaming/tableStream.ts';
import type { TableReader, TableReaders, TableStreams } from './tableReader.ts';

/** A table in one file, or in several, the shards, one after the other. */
export interface ShardedTable {
  /** What messages call it. */
  readonly name: string;
  readonly paths: readonly string[];
}

/** Bytes of all files of a table; those that cannot be read are told of when they are. */
export async function bytesOfFiles({ paths }: ShardedTable): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
  return bytes;
}

/** The tables of a dataset by its splits. */
export interface ShardedSplits {
  readonly training: ShardedTable;
  readonly validation: ShardedTable | undefined;
  readonly test: ShardedTable | undefined;
}

/** How each split of a dataset is read. */
export function readersOf(
  { training, validation, test }: ShardedSplits,
  reader: (table: ShardedTable) => TableReader,
): Pick<TableReaders, 'training' | 'validation' | 'test'> {
  return {
    training: reader(training),
    ...(validation && { validation: reader(validation) }),
    ...(test && { test: reader(test) }),
  };
}

/** The same tables where they can be read piece by piece. */
export function streamsOf(
  { training, validation, test }: ShardedSplits,
  stream: (table: ShardedTable) => TableStream,
): TableStreams {
  return {
    training: stream(training),
    ...(validation && { validation: stream(validation) }),
    ...(test && { test: stream(test) }),
  };
}

/** One of several files of a table, as Hugging Face calls them, with a hash behind or not. */
const SHARD = /-(\d{5,})-of-(\d{5,})(?:-[0-9a-f]{8,})?(?=\.[^.]+$)/;
/** One of several files of a table that has no other name, as Spark and Hugging Face's converter write them. */
const PART = /^(?:part[-_.])?(\d{3,})(?=[-_.])/;

/**
 * The tables of a folder by name; shards make one table.
 *
 * @param files those that are tables
 * @throws BadInputError naming shards that are missing
 */
export function shardedTables(folder: string, files: readonly string[]): ReadonlyMap<string, ShardedTable> {
  const parts = files.filter((name) => PART.test(name));
  if (parts.length > 1 && parts.length === files.length) {
    const name = `${basename(folder)}${/\.[^.]+$/.exec(parts[0] ?? '')?.[0] ?? ''}`;
    refuseGaps(folder, parts);
    return new Map([[name, { name, paths: parts.map((each) => join(folder, each)) }]]);
  }
  const shards = new Map<string, string[]>();
  for (const file of files) {
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

/** How many there are is not told by the names; that one between others is missing is. */
function refuseGaps(folder: string, parts: readonly string[]): void {
  const numbers = parts.map((name) => Number(PART.exec(name)?.[1]));
  const first = Math.min(...numbers);
  const missing = parts.findIndex((_, index) => !numbers.includes(first + index));
  if (missing < 0) return;
  throw new BadInputError([
    pathProblem(
      `${basename(folder)} has ${parts.length} parts of a table, but none with the number ${first + missing}.`,
      'Put all of them there, or name one file.',
    ),
  ]);
}
