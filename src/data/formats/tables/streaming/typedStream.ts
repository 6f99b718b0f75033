import { typedRowsTable } from '../reading/typedRows.ts';
import { recordStream } from './recordStream.ts';
import type { TableStream } from './tableStream.ts';

/** Bytes that a value takes in a column that is held. */
const HELD = 8;

/** Rows of files whose columns have types. */
export interface TypedSource {
  /** Bytes of the files. */
  fileBytes(): Promise<number>;
  /** Times as much that the columns take at most. */
  readonly mostUnpacked: number;
  size(): Promise<{ readonly rows: number; readonly columns: number }>;
  /**
   * Gives every row, in order.
   *
   * @returns what the Hugging Face library wrote about the columns
   */
  each(take: (row: Readonly<Record<string, unknown>>) => void): Promise<string | undefined>;
}

/** Such rows piece by piece. What is said of their columns is known when all were read once, for the sample. */
export function typedStream(file: string, source: TypedSource): TableStream {
  let huggingFace: string | undefined;
  return recordStream({
    foresee: async (enough) => {
      const fileBytes = await source.fileBytes();
      const most = source.mostUnpacked * fileBytes;
      if (most <= enough) return { rows: 0, columns: 0, fileBytes, bytes: most };
      const { rows, columns } = await source.size();
      return { rows, columns, fileBytes, bytes: HELD * rows * columns };
    },
    each: async (take) => {
      let line = 0;
      huggingFace = await source.each((fields) => {
        take({ line: ++line, fields });
      });
    },
    tableOf: (records, storage) =>
      typedRowsTable(
        { file, rows: records.map(({ fields }) => fields), huggingFace },
        storage,
        (index) => records[index]?.line ?? 0,
      ),
  });
}
