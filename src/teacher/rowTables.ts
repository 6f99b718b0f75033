import type { Outputs } from './cache/outputsFile.ts';
import type { RowFile } from './cache/rowFile.ts';
import { copyRows } from '../data/targets.ts';

/** Tables of outputs that are filled row by row, and read. Whoever makes them disposes of them. */
export interface RowTables {
  /** Keeps rows [indices.length, …] by name, row n of sample `indices[n]`. */
  write(indices: ArrayLike<number>, rows: Outputs): Promise<void>;
  /** The rows at `indices`, all of which were written. */
  read(indices: ArrayLike<number>): Promise<Outputs>;
  /** Called when every row was written. */
  finish(): Promise<void>;
  /** Tells which rows will be read, in which order. */
  announce(order: Int32Array): void;
  dispose(): Promise<void>;
}

/** Tables in memory. */
export class HeldTables implements RowTables {
  readonly #tables = new Map<string, Float32Array>();
  readonly #count: number;
  readonly #onWhole: (outputs: Outputs) => Promise<void>;

  /**
   * @param count number of the samples
   * @param onWhole takes the outputs of all samples, [count, …] by name, as soon as they are there
   */
  constructor(count: number, onWhole: (outputs: Outputs) => Promise<void>) {
    this.#count = count;
    this.#onWhole = onWhole;
  }

  write(indices: ArrayLike<number>, rows: Outputs): Promise<void> {
    for (const [name, values] of rows) {
      const width = values.length / indices.length;
      const table = this.#tables.get(name) ?? new Float32Array(this.#count * width);
      this.#tables.set(name, table);
      for (let row = 0; row < indices.length; row++) {
        table.set(values.subarray(row * width, (row + 1) * width), (indices[row] ?? 0) * width);
      }
    }
    return Promise.resolve();
  }

  read(indices: ArrayLike<number>): Promise<Outputs> {
    return Promise.resolve(selectRows(this.#tables, this.#count, indices));
  }

  finish(): Promise<void> {
    return this.#onWhole(this.#tables);
  }

  announce(): void {
    // All rows are equally near.
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

/** Tables in a file that is begun with the first rows, which tell how wide they are. */
export class FiledTables implements RowTables {
  readonly #create: (widths: ReadonlyMap<string, number>) => Promise<RowFile>;
  readonly #onWhole: (bytes: number) => Promise<void>;
  #file: RowFile | undefined;

  /** @param onWhole told the size of the file as soon as it is whole */
  constructor(
    create: (widths: ReadonlyMap<string, number>) => Promise<RowFile>,
    onWhole: (bytes: number) => Promise<void>,
  ) {
    this.#create = create;
    this.#onWhole = onWhole;
  }

  async write(indices: ArrayLike<number>, rows: Outputs): Promise<void> {
    const widths = new Map([...rows].map(([name, values]) => [name, values.length / indices.length]));
    this.#file ??= await this.#create(widths);
    await this.#file.write(indices, rows);
  }

  async read(indices: ArrayLike<number>): Promise<Outputs> {
    return (await this.#file?.read(indices)) ?? new Map();
  }

  async finish(): Promise<void> {
    if (this.#file) await this.#onWhole(await this.#file.finish());
  }

  announce(order: Int32Array): void {
    this.#file?.announce(order);
  }

  async dispose(): Promise<void> {
    await this.#file?.dispose();
    this.#file = undefined;
  }
}

/** The rows at `indices` of tables [count, …]. */
export function selectRows(tables: Outputs, count: number, indices: ArrayLike<number>): Outputs {
  return new Map(
    [...tables].map(([name, table]) => {
      const width = table.length / count;
      const rows = new Float32Array(indices.length * width);
      copyRows(table, width, indices, rows);
      return [name, rows];
    }),
  );
}
