import { basename, join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { BadInputError, messageOf } from '../../errors.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import { pathProblem } from '../problems.ts';
import type { Format, Location, UnfittedSource } from '../source.ts';
import type { Storage, Table } from './column.ts';
import { splitFiles } from './tableFiles.ts';
import type { TableReader } from './tableReaders.ts';
import { tablesSource } from './tablesSource.ts';
import { typedRowsTable, type TypedRows } from './typedRows.ts';

const ENDING = /\.parquet$/i;

/** Parquet files, among them those of Hugging Face datasets with texts or images. */
export const parquetFiles = {
  description: 'Parquet: a .parquet file, or a folder with files called train, validation and test',
  recognises: ({ file, files }) => (file === undefined ? files.some((name) => ENDING.test(name)) : ENDING.test(file)),
  open: openParquet,
} satisfies Format;

function openParquet(location: Location, context: OpenContext, options: DatasetOptions): Promise<UnfittedSource> {
  const names = splitFiles(location, ENDING);
  const reader =
    (name: string): TableReader =>
    (storage) =>
      readParquet(join(location.folder, name), storage, context.signal);
  return tablesSource(
    {
      format: 'Parquet',
      folder: location.folder,
      training: reader(names.training),
      ...(names.validation !== undefined && { validation: reader(names.validation) }),
      ...(names.test !== undefined && { test: reader(names.test) }),
    },
    context,
    options,
  );
}

/** Reads a Parquet file as a table. @throws BadInputError when the file is damaged; see `typedRowsTable` */
async function readParquet(path: string, storage: ReadonlyMap<string, Storage>, signal?: AbortSignal): Promise<Table> {
  const file = basename(path);
  let typed: TypedRows;
  try {
    const content = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(content);
    const huggingFace = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
    const rows = await parquetReadObjects({ file: content, metadata, compressors, utf8: false });
    typed = { file, rows, huggingFace };
  } catch (error) {
    throw new BadInputError([
      pathProblem(`${file} cannot be read as Parquet: ${messageOf(error)}.`, 'Fetch the file again.'),
    ]);
  }
  throwIfCancelled(signal);
  return typedRowsTable(typed, storage);
}
