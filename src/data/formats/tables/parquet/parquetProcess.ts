import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { reasonOf } from '../../../../errors.ts';
import { endWithParent } from '../../../../platform/processes/endWithParent.ts';
import { excessOf } from '../../unpackedSize.ts';
import type { ParquetMessage } from './parquetMessages.ts';

/**
 * The program of the process that reads a Parquet file, whose path is its argument: a damaged file can make the library count for
 * ever or fill the memory, which ends a process, and a thread with everything around it.
 */

/** Milliseconds beyond what any step may take: for a byte that is unpacked, and for a cell. */
const ALLOWANCE_MS = { byte: 5e-5, cell: 2e-3 } as const;
const MESSAGE_INTERVAL_MS = 200;
const ROWS_AT_ONCE = 2000;

/** The argument with which only the size is asked for. */
const SIZE_ALONE = '--size';

/** Returns when the message was handed over, so that no more than one waits. */
function send(message: ParquetMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) throw new TypeError('This program is started by another one.');
    process.send(message, undefined, undefined, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function read(path: string, isSizeAlone: boolean): Promise<void> {
  await send({ kind: 'progress', allowanceMs: 0 });
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const allowanceMs = allowanceFor(metadata, file.byteLength);
  await send({ kind: 'progress', allowanceMs });
  if (isSizeAlone) {
    const columns = metadata.row_groups[0]?.columns.length ?? 0;
    await send({ kind: 'size', rows: Number(metadata.num_rows), columns });
    return;
  }
  let told = performance.now();
  const tell = (): void => {
    if (performance.now() - told < MESSAGE_INTERVAL_MS) return;
    told = performance.now();
    void send({ kind: 'progress', allowanceMs });
  };
  // One group of rows after the other, so that no more than one is held.
  for (const { rowStart, rowEnd } of groupsOf(metadata)) {
    const options = { file, metadata, compressors, utf8: false, onPage: tell, rowStart, rowEnd };
    const rows = await parquetReadObjects(options);
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      await send({ kind: 'rows', rows: rows.slice(start, start + ROWS_AT_ONCE) });
    }
  }
  const huggingFace = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  await send({ kind: 'done', huggingFace });
}

function groupsOf({ row_groups }: FileMetaData): readonly { readonly rowStart: number; readonly rowEnd: number }[] {
  let rowEnd = 0;
  return row_groups.map(({ num_rows }) => {
    const rowStart = rowEnd;
    rowEnd += Number(num_rows);
    return { rowStart, rowEnd };
  });
}

/** @throws Error when the file says that it holds far more than its size */
function allowanceFor(metadata: FileMetaData, fileBytes: number): number {
  let unpacked = 0;
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: column } of columns) unpacked += Number(column?.total_uncompressed_size ?? 0);
  }
  const excess = excessOf(fileBytes, unpacked);
  if (excess !== undefined) throw new Error(excess);
  // What a file says of itself is believed as far as its size could bear it.
  const cells = Math.min(Number(metadata.num_rows) * metadata.schema.length, 1000 * fileBytes);
  return ALLOWANCE_MS.byte * unpacked + ALLOWANCE_MS.cell * cells;
}

endWithParent();
read(process.argv[2] ?? '', process.argv[3] === SIZE_ALONE)
  .catch((error: unknown) => send({ kind: 'refused', reason: reasonOf(error) }))
  .finally(() => {
    process.disconnect();
  })
  // Whoever asked is gone.
  .catch(() => undefined);
