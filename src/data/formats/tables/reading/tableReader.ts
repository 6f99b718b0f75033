import type { OpenContext } from '../../../dataset.ts';
import type { Storage, Table } from '../column.ts';
import type { TableStream } from '../streaming/tableStream.ts';

/** Reads the table of a split, with columns kept as `storage` says. */
export type TableReader = (storage: ReadonlyMap<string, Storage>) => Promise<Table>;

/** Circumstances under which files of text are read. */
export type ReadingContext = Pick<OpenContext, 'signal' | 'encoding'>;

/** Tables that can be read, whatever they lie in. */
export interface TableReaders {
  readonly format: string;
  /** Folder that paths of images in a table start from. */
  readonly folder: string;
  readonly training: TableReader;
  readonly validation?: TableReader | undefined;
  readonly test?: TableReader | undefined;
  /** The same tables where they can be read piece by piece, as those are that do not fit into memory. */
  readonly streams?: TableStreams | undefined;
}

export interface TableStreams {
  readonly training: TableStream;
  readonly validation?: TableStream | undefined;
  readonly test?: TableStream | undefined;
}
