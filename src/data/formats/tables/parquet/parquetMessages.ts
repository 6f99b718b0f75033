/** What the process that reads a Parquet file tells. */
export type ParquetMessage =
  /** Read on: a page, or the beginning, with the milliseconds beyond the usual that the next step may take. */
  | { readonly kind: 'progress'; readonly allowanceMs: number }
  /** Some of the rows, in order. */
  | { readonly kind: 'rows'; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  /** How many rows and columns the file has; where nothing more is asked for, the last message. */
  | { readonly kind: 'size'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'done'; readonly huggingFace: string | undefined }
  | { readonly kind: 'refused'; readonly reason: string };
