import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as Flechette from '@uwdata/flechette';
import type { Batch, Table } from '@uwdata/flechette';
import { BadInputError, reasonOf } from '../../../../errors.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { excessOf } from '../../unpackedSize.ts';
import type { ShardedTable } from '../reading/shards.ts';
import { refuseOtherColumns, type TypedRows } from '../reading/typedRows.ts';
import { checkArrow } from './checkArrow.ts';
import { dictionariesFirst } from './dictionariesFirst.ts';
import { unpackLz4Frame } from './lz4Frame.ts';

/** Nothing is packed here: what is as long as before is stored as it is. */
const encode = (bytes: Uint8Array): Uint8Array => bytes;

type Arrow = typeof Flechette;

let loading: Promise<Arrow> | undefined;

/** The library that reads Arrow, loaded when the first Arrow data is met. */
function arrowLibrary(): Promise<Arrow> {
  return (loading ??= load());
}

async function load(): Promise<Arrow> {
  const arrow = await import('@uwdata/flechette');
  const { decompressZstd } = await import('hyparquet-compressors');
  const { CompressionType, setCompressionCodec } = arrow;
  setCompressionCodec(CompressionType.LZ4_FRAME, {
    encode,
    decode: (packed, length) => {
      refuseExcess(packed.length, length);
      return unpackLz4Frame(packed, length);
    },
  });
  setCompressionCodec(CompressionType.ZSTD, {
    encode,
    decode: (packed, length) => {
      refuseExcess(packed.length, length);
      const content = decompressZstd(packed, new Uint8Array(length));
      if (content.length !== length) throw new Error('a compressed column of it is damaged');
      return content;
    },
  });
  return arrow;
}

function refuseExcess(packed: number, unpacked: number): void {
  const excess = excessOf(packed, unpacked);
  if (excess !== undefined) throw new Error(`${excess} in a column of it`);
}

/**
 * Reads Arrow data, as files or streams.
 *
 * @throws BadInputError when a file cannot be read, or is no Arrow data that is whole
 */
export async function readArrow(table: ShardedTable, signal: AbortSignal | undefined): Promise<TypedRows> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  const huggingFace = await eachArrowRow(table, (row) => rows.push(row), signal);
  return { file: table.name, rows, huggingFace };
}

/**
 * Gives the rows of Arrow data one after the other; one file is held at a time.
 *
 * @returns what the Hugging Face library wrote about the columns
 * @throws BadInputError as `readArrow` does
 */
export async function eachArrowRow(
  { paths }: ShardedTable,
  take: (row: Readonly<Record<string, unknown>>) => void,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  let huggingFace: string | undefined;
  let names: readonly string[] | undefined;
  const { tableFromIPC } = await arrowLibrary();
  for (const path of paths) {
    const file = basename(path);
    try {
      const table = tableOf(await readFile(path), tableFromIPC);
      huggingFace ??= table.schema.metadata?.get('huggingface');
      if (table.numRows > 0) {
        const own = table.names.map(String);
        refuseOtherColumns(file, names, own);
        names ??= own;
      }
      giveRows(table, take);
    } catch (error) {
      if (error instanceof BadInputError) throw error;
      throw new BadInputError([
        pathProblem(
          `${file} cannot be read as Arrow: ${reasonOf(error)}.`,
          'Fetch the file again, or write it as Parquet.',
        ),
      ]);
    }
    throwIfCancelled(signal);
  }
  return huggingFace;
}

/**
 * About how many rows and columns there are, by the first file.
 *
 * @throws BadInputError as `readArrow` does
 */
export async function sizeOfArrow({
  paths,
}: ShardedTable): Promise<{ readonly rows: number; readonly columns: number }> {
  const [first = ''] = paths;
  const { tableFromIPC } = await arrowLibrary();
  const content = await readFile(first);
  let bytes = 0;
  for (const path of paths) bytes += (await stat(path)).size;
  try {
    const { numRows, numCols } = tableOf(content, tableFromIPC);
    return { rows: Math.ceil((numRows * bytes) / content.length), columns: numCols };
  } catch {
    // What is damaged is told when all is read.
    return { rows: 0, columns: 0 };
  }
}

function tableOf(content: Buffer, tableFromIPC: Arrow['tableFromIPC']): Table {
  if (content.length === 0) throw new Error('it is empty');
  if (content.toString('latin1', 0, 4) === 'FEA1') throw new Error('it is Feather of version 1, not 2');
  checkArrow(content);
  const table = tableFromIPC(aligned(dictionariesFirst(content)), { useBigInt: true, useDate: true });
  checkLengths(table);
  return table;
}

function giveRows(table: Table, take: (row: Readonly<Record<string, unknown>>) => void): void {
  const columns = table.children.map((column, index) => ({
    field: String(table.names[index]),
    values: (column as Iterable<unknown>)[Symbol.iterator](),
  }));
  for (let row = 0; row < table.numRows; row++) {
    const fields: Record<string, unknown> = {};
    for (const { field, values } of columns) {
      const next = values.next();
      if (next.done === true) continue;
      const value = next.value;
      if (value instanceof Date && Number.isNaN(value.getTime())) throw new Error(`'${field}' has a time that is none`);
      fields[field] = value;
    }
    take(fields);
  }
}

/** Bytes that begin where numbers of 8 bytes may. */
function aligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}

/** Numbers that are not there would be read as missing ones. */
function checkLengths({ children }: Table): void {
  const [first] = children;
  for (const { data } of children) {
    for (const [index, batch] of data.entries()) {
      if (batch.length !== first?.data[index]?.length) throw new Error('its columns differ in length');
      checkBatch(batch);
    }
  }
}

function checkBatch(batch: Batch<unknown>): void {
  const { length, validity, nullCount, offsets, values, children } = batch as Partial<Batch<unknown>> & {
    readonly length: number;
  };
  const tooShort = new Error('it has fewer values than it says');
  if (nullCount && validity && validity.length * 8 < length) throw tooShort;
  if (offsets) {
    if (offsets.length < length + 1 && length > 0) throw tooShort;
    for (let row = 0; row < length; row++) {
      if (Number(offsets[row]) > Number(offsets[row + 1])) throw new Error('a column of it is out of order');
    }
    const most = values?.length ?? children?.[0]?.length;
    if (most !== undefined && length > 0 && Number(offsets[length]) > most) throw tooShort;
  } else if (values && !(values instanceof Uint8Array) && values.length < length) throw tooShort;
  for (const child of children ?? []) checkBatch(child);
}
