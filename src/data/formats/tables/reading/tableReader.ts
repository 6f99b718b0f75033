import type { Storage, Table } from '../column.ts';

/** Reads the table of a split, with columns kept as `storage` says. */
export type TableReader = (storage: ReadonlyMap<string, Storage>) => Promise<Table>;

/** Tables that can be read, whatever they lie in. */
export interface TableReaders {
  readonly format: string;
  /** Folder that paths of images in a table start from. */
  readonly folder: string;
  readonly training: TableReader;
  readonly validation?: TableReader | undefined;
  readonly test?: TableReader | undefined;
}
