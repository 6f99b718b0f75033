import { basename, join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { z } from 'zod';
import { BadInputError, messageOf } from '../../errors.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { DatasetOptions, OpenContext } from '../dataset.ts';
import type { EncodedImage } from '../formats/encodedImage.ts';
import { pathProblem } from '../problems.ts';
import type { Format, Location, UnfittedSource } from '../source.ts';
import type { Storage, Table } from './column.ts';
import { recordsTable } from './recordsTable.ts';
import { splitFiles } from './tableFiles.ts';
import type { TableReader } from './tableReaders.ts';
import { tablesSource } from './tablesSource.ts';

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

/**
 * Reads a Parquet file as a table. A column of objects with `bytes` is the images; numbers of a class column become the names that the file
 * has for them.
 *
 * @throws BadInputError when the file is damaged or has columns that are neither values nor images
 */
async function readParquet(path: string, storage: ReadonlyMap<string, Storage>, signal?: AbortSignal): Promise<Table> {
  const file = basename(path);
  let rows: readonly Readonly<Record<string, unknown>>[];
  let classNames: ReadonlyMap<string, readonly string[]>;
  try {
    const content = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(content);
    classNames = classNamesOf(metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value);
    rows = await parquetReadObjects({ file: content, metadata, compressors, utf8: false });
  } catch (error) {
    throw new BadInputError([
      pathProblem(`${file} cannot be read as Parquet: ${messageOf(error)}.`, 'Fetch the file again.'),
    ]);
  }
  throwIfCancelled(signal);
  const images: EncodedImage[] = [];
  const records = rows.map((row, index) => {
    const fields: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(row)) {
      const bytes = imageBytes(value);
      if (bytes) images[index] = { name: `in row ${index + 1} of ${file}`, content: bytes };
      else fields[name] = fieldValue(value, classNames.get(name));
    }
    return { line: index + 1, fields };
  });
  const table = recordsTable(file, records, storage, 'Row');
  const imageCount = images.filter((image) => image as EncodedImage | undefined).length;
  if (imageCount === 0) return table;
  if (imageCount < table.count) {
    throw new BadInputError([
      pathProblem(`${file} has ${table.count} rows, but only ${imageCount} images.`, 'Every row needs its image.'),
    ]);
  }
  return { ...table, images };
}

/** Hugging Face stores an image as `{bytes, path}`. */
function imageBytes(value: unknown): Buffer | undefined {
  if (typeof value !== 'object' || value === null || !('bytes' in value) || !(value.bytes instanceof Uint8Array)) {
    return undefined;
  }
  const { bytes } = value;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fieldValue(value: unknown, names: readonly string[] | undefined): unknown {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return names && typeof number === 'number' ? (names[number] ?? number) : number;
}

const features = z.object({
  info: z.object({ features: z.record(z.string(), z.looseObject({ names: z.array(z.string()).optional() })) }),
});

/** Names of the classes of each column, as Hugging Face writes them into the file; none where they cannot be told. */
function classNamesOf(text: string | undefined): ReadonlyMap<string, readonly string[]> {
  if (text === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Only names are lost: the numbers of the classes are in the file itself.
    return new Map();
  }
  const parsed = features.safeParse(content);
  if (!parsed.success) return new Map();
  return new Map(
    Object.entries(parsed.data.info.features).flatMap(([name, { names }]) => (names ? [[name, names] as const] : [])),
  );
}
