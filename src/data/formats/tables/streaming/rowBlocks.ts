import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { open, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, DistilleryError, messageOf } from '../../../../errors.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../../archives/temporaryFolder.ts';
import { pathProblem } from '../../../findings/problems.ts';
import type { Column } from '../column.ts';

/** A column as it lies in the file: numbers and moments as doubles, words as their places in a list. */
export interface BlockColumn {
  readonly name: string;
  readonly kind: Column['kind'];
}

/** Bytes that a block has about. */
const BLOCK_BYTES = 2 ** 19;
const ROWS = { least: 64, most: 8192 } as const;
const BYTES = { number: 8, words: 4 } as const;
/** Share of what is free on the disk that rows may take. */
const SHARE_OF_DISK = 0.8;

/** Where the columns of a block lie; every block of a file is alike, and the last may have room left. */
export class BlockLayout {
  readonly columns: readonly BlockColumn[];
  readonly rows: number;
  readonly bytes: number;
  readonly #starts: readonly number[];

  constructor(columns: readonly BlockColumn[]) {
    this.columns = columns;
    const row = bytesOfRow(columns);
    const fitting = 2 ** Math.floor(Math.log2(BLOCK_BYTES / Math.max(1, row)));
    // A power of two, so that numbers begin where doubles may.
    this.rows = Math.max(ROWS.least, Math.min(ROWS.most, fitting));
    let end = 0;
    this.#starts = columns.map(({ kind }) => {
      const start = end;
      end += BYTES[kind] * this.rows;
      return start;
    });
    this.bytes = end;
  }

  /** The columns of a block in `bytes`, nothing copied. */
  viewsOf(bytes: ArrayBuffer): readonly (Float64Array | Int32Array)[] {
    return this.columns.map(({ kind }, column) =>
      kind === 'number'
        ? new Float64Array(bytes, this.#starts[column], this.rows)
        : new Int32Array(bytes, this.#starts[column], this.rows),
    );
  }
}

/** How many bytes a row takes on the disk. */
export function bytesOfRow(columns: readonly BlockColumn[]): number {
  return columns.reduce((sum, { kind }) => sum + BYTES[kind], 0);
}

/** A temporary folder for rows. Whoever makes it removes it. */
export class RowFolder {
  readonly path: string;
  #files = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @param bytes that will be written there
   * @throws BadInputError when the disk has too little room
   */
  static async make(bytes: number): Promise<RowFolder> {
    const path = await makeTemporaryFolder();
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    if (bytes <= SHARE_OF_DISK * free) return new RowFolder(path);
    await removeTemporaryFolder(path);
    throw new BadInputError([
      pathProblem(
        `The rows do not fit into memory and would take ${gigabytes(bytes)} in ${path}, whose disk has ${gigabytes(free)} left.`,
        'Set TMPDIR to a folder with more room, or leave columns out with dataset.columns.',
      ),
    ]);
  }

  nextFile(): string {
    return join(this.path, `rows-${this.#files++}`);
  }

  async remove(): Promise<void> {
    await removeTemporaryFolder(this.path);
  }
}

/** Bytes for people: in GiB, or in MiB where they are fewer. */
export function gigabytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** Writes rows to a file, block by block. */
export class BlockWriter {
  readonly #path: string;
  readonly #layout: BlockLayout;
  readonly #file: number;
  readonly #block: ArrayBuffer;
  readonly #hash = createHash('sha256');
  readonly #views: readonly (Float64Array | Int32Array)[];
  #row = 0;
  #count = 0;

  constructor(path: string, columns: readonly BlockColumn[]) {
    this.#path = path;
    this.#layout = new BlockLayout(columns);
    this.#file = openSync(path, 'wx');
    this.#block = new ArrayBuffer(this.#layout.bytes);
    this.#views = this.#layout.viewsOf(this.#block);
  }

  /** Adds a row of each column's data. */
  add(data: readonly (Float64Array | Int32Array)[], row: number): void {
    for (let column = 0; column < this.#views.length; column++) {
      const view = this.#views[column];
      if (view) view[this.#row] = data[column]?.[row] ?? NaN;
    }
    this.#count++;
    if (++this.#row === this.#layout.rows) this.#write();
  }

  /** Writes what is left. */
  finish(): RowBlocks {
    if (this.#row > 0) this.#write();
    this.close();
    return new RowBlocks(this.#path, this.#layout, this.#count, this.#hash.digest('hex'));
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(): void {
    const bytes = new Uint8Array(this.#block);
    this.#hash.update(bytes);
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      throw new BadInputError([
        pathProblem(
          `The rows do not fit into memory, and cannot be written to ${this.#path}: ${messageOf(error)}.`,
          'Set TMPDIR to a folder with more room.',
        ),
      ]);
    }
    this.#row = 0;
  }
}

/** A block of rows in memory, by column. */
export type BlockData = readonly (Float64Array | Int32Array)[];

/** Rows in a file, of which a bounded number of blocks is held. Whoever opened it closes it. */
export class RowBlocks {
  readonly layout: BlockLayout;
  /** Rows of the file. */
  readonly count: number;
  /** What tells them from others. */
  readonly sha256: string;
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;

  constructor(path: string, layout: BlockLayout, count: number, sha256: string) {
    this.sha256 = sha256;
    this.#path = path;
    this.layout = layout;
    this.count = count;
  }

  /** Bytes of the file. */
  get bytes(): number {
    return Math.ceil(this.count / this.layout.rows) * this.layout.bytes;
  }

  async read(block: number): Promise<BlockData> {
    this.#file ??= open(this.#path);
    const file = await this.#file;
    const { bytes } = this.layout;
    const buffer = new ArrayBuffer(bytes);
    for (let done = 0; done < bytes;) {
      const { bytesRead } = await file.read(new Uint8Array(buffer), done, bytes - done, block * bytes + done);
      if (bytesRead === 0) throw new DistilleryError('BAD_FILE', `${this.#path} was cut off while it was in use.`);
      done += bytesRead;
    }
    return this.layout.viewsOf(buffer);
  }

  async close(): Promise<void> {
    await (await this.#file)?.close();
    this.#file = undefined;
  }
}
