import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { decodeFloat16Array, encodeFloat16Array } from '../../onnx/float16.ts';
import { encodeHeader } from '../../training/checkpoints/safetensors.ts';
import { TEMPORARY } from '../../platform/writeAtomically.ts';
import { damaged, fill, metadataOf, readHeader, type Outputs, type OutputsDescription } from './outputsFile.ts';

/** Bytes that are read and hashed at once. */
const HASHED_AT_ONCE = 2 ** 20;
const NO_HASH_YET = '0'.repeat(64);

/** A table [count, width] of a file. */
interface Table {
  readonly name: string;
  readonly width: number;
  readonly dtype: 'F32' | 'F16';
  /** Where its first row begins. */
  readonly start: number;
}

/** What a file to be written has, by the name of the table. */
export type Widths = ReadonlyMap<string, { readonly width: number; readonly isRounded: boolean }>;

/**
 * A file of stored outputs that stays open, and whose rows are read one by one where they lie, so that it takes no more memory than
 * the rows that are asked for. Whoever opens it disposes of it.
 */
export class RowFile {
  readonly #file: FileHandle;
  readonly #tables: readonly Table[];
  /** Where it is being written, and is to be in the end; undefined once it is whole. */
  #unfinished:
    | { readonly temporary: string; readonly path: string; readonly description: OutputsDescription }
    | undefined;
  #order: Int32Array = new Int32Array(0);
  #next = 0;
  #ahead: { readonly indices: Int32Array; readonly rows: Promise<Outputs> } | undefined;

  private constructor(file: FileHandle, tables: readonly Table[]) {
    this.#file = file;
    this.#tables = tables;
  }

  /**
   * Opens a file that was written, by this class or as a whole, and checks it.
   *
   * @throws DistilleryError `BAD_FILE` when the file is cut off, altered or something else
   */
  static async open(path: string): Promise<RowFile> {
    const file = await open(path, 'r');
    try {
      const { header, start } = await readHeader(file, path);
      const { sha256, count } = header.metadata;
      const tables = header.tensors.map(([name, { dtype, shape, data_offsets: offsets }]): Table => {
        const [rows, width] = shape;
        const bytes = rows * width * bytesOf(dtype);
        if (rows !== count || offsets[1] - offsets[0] !== bytes) throw damaged(path);
        return { name, width, dtype, start: start + offsets[0] };
      });
      const { size } = await file.stat();
      if ((await hashOf(file, start, size)) !== sha256) throw damaged(path);
      return new RowFile(file, tables);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Begins a file, which is there under its name as soon as it is whole. */
  static async create(path: string, widths: Widths, description: OutputsDescription): Promise<RowFile> {
    const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
    const file = await open(temporary, 'wx+');
    const { header, tables } = layOut(widths, description, NO_HASH_YET);
    const rows = new RowFile(file, tables);
    rows.#unfinished = { temporary, path, description };
    try {
      await file.write(header, 0, header.length, 0);
      return rows;
    } catch (error) {
      await rows.dispose();
      throw error;
    }
  }

  /** Names of the tables and how many numbers a row of each has. */
  get widths(): ReadonlyMap<string, number> {
    return new Map(this.#tables.map(({ name, width }) => [name, width]));
  }

  /** Writes rows [indices.length, …] of every table, row n for sample `indices[n]`. */
  async write(indices: ArrayLike<number>, rows: Outputs): Promise<void> {
    await this.#eachRun(indices, async (table, first, row, count) => {
      const values = (rows.get(table.name) ?? new Float32Array(0)).subarray(
        row * table.width,
        (row + count) * table.width,
      );
      const stored = table.dtype === 'F16' ? encodeFloat16Array(values) : values;
      const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
      await this.#file.write(bytes, 0, bytes.length, positionOf(table, first));
    });
  }

  /** Completes a file all of whose rows were written. @returns its size in bytes */
  async finish(): Promise<number> {
    const { size } = await this.#file.stat();
    if (!this.#unfinished) return size;
    const { temporary, path, description } = this.#unfinished;
    const widths = new Map(this.#tables.map(({ name, width, dtype }) => [name, { width, isRounded: dtype === 'F16' }]));
    const { header } = layOut(widths, description, NO_HASH_YET);
    const sha256 = await hashOf(this.#file, header.length, size);
    await this.#file.write(layOut(widths, description, sha256).header, 0, header.length, 0);
    await this.#file.sync();
    await rename(temporary, path);
    this.#unfinished = undefined;
    return size;
  }

  /** Tells which rows will be read, in which order: while some are made use of, the next as many are read. */
  announce(order: Int32Array): void {
    this.#order = order;
    this.#next = 0;
    this.#ahead = undefined;
  }

  /** The rows at `indices`, [indices.length, …] by the name of the table. */
  async read(indices: ArrayLike<number>): Promise<Outputs> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const rows = await (ahead && areEqual(ahead.indices, indices) ? ahead.rows : this.#readRows(indices));
    const end = this.#next + indices.length;
    if (areEqual(this.#order.subarray(this.#next, end), indices)) {
      this.#next = end;
      const next = this.#order.subarray(end, end + indices.length);
      if (next.length > 0) {
        this.#ahead = { indices: next, rows: this.#readRows(next) };
        // Whoever asks for them is told.
        this.#ahead.rows.catch(() => undefined);
      }
    }
    return rows;
  }

  /** Closes the file, and removes it where it is not whole. */
  async dispose(): Promise<void> {
    await this.#ahead?.rows.catch(() => undefined);
    this.#ahead = undefined;
    await this.#file.close();
    if (this.#unfinished) await rm(this.#unfinished.temporary, { force: true });
  }

  async #readRows(indices: ArrayLike<number>): Promise<Outputs> {
    const rows = new Map(
      this.#tables.map(({ name, width, dtype }) => {
        const length = indices.length * width;
        return [name, dtype === 'F16' ? new Uint16Array(length) : new Float32Array(length)] as const;
      }),
    );
    await this.#eachRun(indices, async (table, first, row, count) => {
      const target = rows.get(table.name);
      if (!target) return;
      const size = table.width * bytesOf(table.dtype);
      await fill(
        this.#file,
        new Uint8Array(target.buffer, row * size, count * size),
        positionOf(table, first),
        table.name,
      );
    });
    return new Map(
      [...rows].map(([name, values]) => [name, values instanceof Uint16Array ? decodeFloat16Array(values) : values]),
    );
  }

  /** Does something with the samples that lie side by side, in every table, all at once. */
  async #eachRun(
    indices: ArrayLike<number>,
    work: (table: Table, first: number, row: number, count: number) => Promise<void>,
  ): Promise<void> {
    const runs: Promise<void>[] = [];
    for (let row = 0, end = 0; row < indices.length; row = end) {
      const first = indices[row] ?? 0;
      while (end < indices.length && indices[end] === first + end - row) end++;
      for (const table of this.#tables) runs.push(work(table, first, row, end - row));
    }
    await Promise.all(runs);
  }
}

function positionOf({ start, width, dtype }: Table, sample: number): number {
  return start + sample * width * bytesOf(dtype);
}

function bytesOf(dtype: Table['dtype']): number {
  return dtype === 'F16' ? 2 : 4;
}

/** The header of a file, and where its tables lie. */
function layOut(
  widths: Widths,
  description: OutputsDescription,
  sha256: string,
): { readonly header: Uint8Array; readonly tables: readonly Table[] } {
  const { count } = description;
  const entries = [...widths].map(([name, { width, isRounded }]) => {
    const dtype = isRounded ? 'F16' : 'F32';
    return { name, dtype, shape: [count, width], width, bytes: count * width * bytesOf(dtype) } as const;
  });
  const header = encodeHeader(entries, metadataOf(description, sha256));
  let start = header.length;
  const tables = entries.map(({ name, width, dtype, bytes }): Table => {
    const table = { name, width, dtype, start };
    start += bytes;
    return table;
  });
  return { header, tables };
}

async function hashOf(file: FileHandle, start: number, end: number): Promise<string> {
  const hash = createHash('sha256');
  const piece = new Uint8Array(HASHED_AT_ONCE);
  for (let at = start; at < end; at += piece.length) {
    const bytes = piece.subarray(0, Math.min(piece.length, end - at));
    await fill(file, bytes, at, 'the file');
    hash.update(bytes);
  }
  return hash.digest('hex');
}

function areEqual(some: ArrayLike<number>, others: ArrayLike<number>): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) if (some[index] !== others[index]) return false;
  return true;
}
