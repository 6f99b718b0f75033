import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../platform/makeFolder.ts';
import { messageOf, type Problem } from '../../errors.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { BatchAugmentation } from '../../training/augmentation/batchAugmentation.ts';
import {
  asStored,
  readOutputs,
  writeOutputs,
  type Outputs,
  type OutputsDescription,
  type Precision,
} from './outputsFile.ts';
import { RowFile } from './rowFile.ts';

/** What decides the outputs of a teacher, and what a person should know of them. */
export interface OutputsRequest {
  readonly teacher: { readonly path: string; readonly sha256: string };
  /** Names of its outputs, and of values inside it, that are wanted; or of the tables that stand for them. */
  readonly outputs: readonly string[];
  /** Those of them that are stored as they are, whatever the precision. */
  readonly exact?: readonly string[] | undefined;
  readonly device: DeviceName;
  /** Of the samples as the teacher gets them; see `digestSplit`. */
  readonly samples: string;
  readonly dataset: string;
  readonly split: 'training' | 'validation';
  readonly count: number;
  /** Of the training split; by default the samples as they are. */
  readonly view?: View | undefined;
}

/** One of the altered views of every sample; see `augmentToView`. */
export interface View {
  readonly batchAugmentation: BatchAugmentation;
  /** Counted from 0. */
  readonly number: number;
}

/** What the cache did. */
export type CacheEvent =
  | { readonly kind: 'read' | 'written'; readonly bytes: number; readonly view: number | undefined }
  | { readonly kind: 'warning'; readonly problem: Problem };

export interface OutputCacheOptions {
  readonly folder: string;
  readonly precision: Precision;
  readonly onEvent: (event: CacheEvent) => void;
}

/** Goes into every key: outputs that another version of this code stored are not looked at. */
const VERSION = 1;
export const EXTENSION = '.safetensors';

/** Outputs of teachers on the disk, a file for every teacher and split. What cannot be stored is only computed; a warning tells. */
export class OutputCache {
  readonly #options: OutputCacheOptions;

  constructor(options: OutputCacheOptions) {
    this.#options = options;
  }

  /**
   * The outputs, [count, …] by name: from the disk, or computed and stored. Either way they are the same numbers. Files that are
   * damaged are thrown away.
   */
  async obtain(request: OutputsRequest, compute: () => Promise<Outputs>): Promise<Outputs> {
    const found = await this.find(request);
    if (found) return found;
    const computed = await compute();
    const wanted = new Map(request.outputs.map((name) => [name, computed.get(name) ?? new Float32Array(0)]));
    await this.store(request, wanted);
    return this.round(wanted, request.exact);
  }

  /** The numbers as they come back from the disk. @param exact names of what is stored as it is */
  round(outputs: Outputs, exact: readonly string[] = []): Outputs {
    return asStored(outputs, this.#options.precision, exact);
  }

  /** The outputs that are on the disk, [count, …] by name; undefined where there are none. A damaged file is thrown away. */
  find(request: OutputsRequest): Promise<Outputs | undefined> {
    const { outputs: names, count } = request;
    return this.#open(request, async (path) => {
      const outputs = await readOutputs(path);
      const isWhole = names.every((name) => {
        const { length = 0 } = outputs.get(name) ?? {};
        return length > 0 && length % count === 0;
      });
      if (!isWhole) throw otherOutputs(path);
      return outputs;
    });
  }

  /** Outputs on the disk that stay there, to be read row by row; undefined where there are none. The caller disposes of them. */
  findRows(request: OutputsRequest): Promise<RowFile | undefined> {
    return this.#open(request, async (path) => {
      const rows = await RowFile.open(path);
      if (request.outputs.every((name) => rows.widths.has(name))) return rows;
      await rows.dispose();
      throw otherOutputs(path);
    });
  }

  /**
   * Begins a file of outputs that are written row by row, and not kept in memory. The caller disposes of it.
   *
   * @param widths how many numbers a row of each has
   * @throws Error when nothing can be written there
   */
  async createRows(request: OutputsRequest, widths: ReadonlyMap<string, number>): Promise<RowFile> {
    const { folder, precision } = this.#options;
    await makeFolder(folder);
    const tables = [...widths].map(([name, width]) => {
      return [name, { width, isRounded: precision === 'float16' && request.exact?.includes(name) !== true }] as const;
    });
    return RowFile.create(this.#pathOf(request), new Map(tables), this.#describe(request));
  }

  /** Tells that a file which was written row by row is whole. */
  noteWritten({ view }: OutputsRequest, bytes: number): void {
    this.#options.onEvent({ kind: 'written', bytes, view: view?.number });
  }

  /** Tells that outputs cannot be stored, and what follows from that. */
  noteUnwritable(error: unknown, consequence: string): void {
    this.#warn(`The teacher's outputs could not be stored: ${messageOf(error)}.`, consequence);
  }

  /** What `read` makes of a file, where there is one; a damaged one is thrown away. */
  async #open<Result>(request: OutputsRequest, read: (path: string) => Promise<Result>): Promise<Result | undefined> {
    const path = this.#pathOf(request);
    const { view } = request;
    if (!existsSync(path)) return undefined;
    try {
      const outputs = await read(path);
      const now = new Date();
      // Tells when it was of use last.
      await utimes(path, now, now);
      this.#options.onEvent({ kind: 'read', bytes: (await stat(path)).size, view: view?.number });
      return outputs;
    } catch (error) {
      this.#warn(messageOf(error), 'It is thrown away, and the outputs are computed again.');
      await rm(path, { force: true });
      return undefined;
    }
  }

  /** Whether there is a file of these outputs, whole or not. */
  has(request: OutputsRequest): boolean {
    return existsSync(this.#pathOf(request));
  }

  /** Puts outputs on the disk, [count, …] by name. Where that is not possible, a warning says so. */
  async store(request: OutputsRequest, outputs: Outputs): Promise<void> {
    try {
      await makeFolder(this.#options.folder);
      const path = this.#pathOf(request);
      this.noteWritten(request, await writeOutputs(path, outputs, this.#describe(request), request.exact));
    } catch (error) {
      this.noteUnwritable(error, 'The next run computes them again.');
    }
  }

  #describe({ teacher, dataset, split, count, view }: OutputsRequest): OutputsDescription {
    const { precision } = this.#options;
    const created = now().toISOString();
    return { teacher: teacher.path, dataset, split, count, precision, created, view: view?.number };
  }

  #pathOf({ teacher, outputs, device, samples, view }: OutputsRequest): string {
    const { precision } = this.#options;
    const parts = {
      version: VERSION,
      teacher: teacher.sha256,
      outputs,
      device,
      samples,
      precision,
      view: view && decisiveOf(view),
    };
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
    return join(this.#options.folder, `${key}${EXTENSION}`);
  }

  #warn(message: string, hint: string): void {
    this.#options.onEvent({ kind: 'warning', problem: { where: 'cache', message, hint } });
  }
}

/** The time, or the one that whoever wants files that are the same bit by bit names (https://reproducible-builds.org/specs/source-date-epoch). */
function now(): Date {
  const seconds = process.env['SOURCE_DATE_EPOCH'];
  return seconds !== undefined && /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : new Date();
}

function otherOutputs(path: string): TypeError {
  return new TypeError(`'${path}' holds other outputs than its name says.`);
}

/** What decides the samples of a view; how many others there are does not. */
function decisiveOf({ batchAugmentation, number }: View): object {
  const { augmentation, recolouring, statistics, background, seed } = batchAugmentation;
  return { augmentation, recolouring, statistics, background, seed, number };
}
