import type { TableReader } from './tableReader.ts';

/** Tables of a file that holds one for all samples, or one for each split. */
export interface FileTables {
  readonly training: TableReader;
  readonly validation?: TableReader | undefined;
  readonly test?: TableReader | undefined;
  /** Removes what was made to read them; they are not read any more. */
  readonly dispose?: (() => Promise<void>) | undefined;
}

/** A kind of file that holds tables. */
export interface TableKind {
  /** What it is called, such as `ARFF`. */
  readonly format: string;
  /** What names of such files end with. */
  readonly ending: RegExp;
  /** Whether a file without such a name is one by its beginning. */
  readonly beginsAs?: (beginning: Buffer) => boolean;
  /**
   * Opens a file.
   *
   * @param wanted the table that is meant, where a person says it
   * @throws BadInputError when it cannot be read, or it is not clear which table is meant
   */
  open(path: string, wanted: string | undefined, signal: AbortSignal | undefined): Promise<FileTables>;
}
