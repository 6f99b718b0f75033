import type { Column, Storage, Table } from '../column.ts';

/** What a table would be in memory. */
export interface TableSize {
  /** About how many rows. */
  readonly rows: number;
  readonly columns: number;
  /** Bytes of its files. */
  readonly fileBytes: number;
  /** Bytes that its columns would take. */
  readonly bytes: number;
}

/** A table that need not be held: it is read piece by piece, as often as wanted. */
export interface TableStream {
  /** @param enough bytes above which it matters how many there are; below, it may be said roughly */
  foresee(enough: number): Promise<TableSize>;
  /**
   * Some of the rows, by which the table can be understood, with columns kept as `storage` says; see `RowSampler`.
   *
   * @param memory bytes that they may take
   * @throws BadInputError as reading the whole table does
   */
  sample(storage: ReadonlyMap<string, Storage>, memory: number): Promise<Table>;
  /**
   * All rows, in their order, some thousands at a time.
   *
   * @param columns those of the sample that are wanted
   * @param take takes the next rows as a table of these columns, which is only lent
   * @throws BadInputError naming what does not fit the sample's columns
   */
  read(columns: readonly Column[], take: (rows: Table) => void): Promise<void>;
}

/** Rows that are read at once. */
export const ROWS_AT_ONCE = 8192;
