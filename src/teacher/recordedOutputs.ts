import type { Split } from '../data/samples/split.ts';
import { DistilleryError } from '../errors.ts';
import { elementCount } from '../onnx/tensor.ts';
import type { TaughtBatch } from '../training/batchFeeder.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { Outputs } from './cache/outputsFile.ts';
import type { OutputSource } from './outputSource.ts';
import type { RowTables } from './rowTables.ts';

export interface RecordedOutputsOptions {
  /** The samples as the teacher gets them. */
  readonly split: Pick<Split, 'count' | 'read'>;
  readonly sampleShape: readonly number[];
  /** Which samples are put to the teacher together: the batches of the epoch that fills the table. No sample is in two of them. */
  readonly batches: () => readonly Int32Array[];
  /** Opens the teacher, when it is asked for the first time, for batches of this size. */
  readonly open: (batchSize: number) => Promise<Predictor>;
  /** What becomes of outputs when they are stored, and is to become of them at once. */
  readonly keep: (outputs: Outputs) => Outputs;
  /** Where outputs are put, and read again. They become the recorder's, which disposes of them. */
  readonly tables: RowTables;
  /** Told when the tables cannot be written; from then on the teacher is asked at every step. */
  readonly onUnwritable: (error: unknown) => void;
  readonly signal: AbortSignal;
  /** Told how many batches of how many were caught up on, where samples are asked for that came in others. */
  readonly onProgress: (done: number, total: number) => void;
}

/** What has still to be asked. */
interface Plan {
  /** Samples that are put to the teacher together: the batches, and what they leave out. */
  readonly groups: readonly Int32Array[];
  readonly groupOf: Int32Array;
  readonly unknown: Set<number>;
  /** The group that no batch asks for, where there is one. */
  readonly rest: number | undefined;
}

/**
 * A teacher's outputs for a split, computed when a batch asks for them and then known: the first epoch fills the table, and the
 * later ones read it. Samples are put to the teacher in the batches of that epoch, whoever asks for them. So what it says of a
 * sample depends on those batches alone, even where its arithmetic looks at a whole batch, and a training that goes on from a
 * checkpoint is told the same as one that was not interrupted.
 */
export class RecordedOutputs implements OutputSource {
  readonly #options: RecordedOutputsOptions;
  #plan: Plan | undefined;
  #isWhole = false;
  #isUnwritable = false;
  #predictor: Predictor | undefined;

  constructor(options: RecordedOutputsOptions) {
    this.#options = options;
  }

  /** @throws DistilleryError `CANCELLED` when the signal aborts while several batches have to be caught up on */
  async outputsFor({ indices, samples }: TaughtBatch): Promise<Outputs> {
    const { split, batches, tables } = this.#options;
    if (!this.#isWhole && !this.#isUnwritable) {
      this.#plan ??= planOf(split.count, batches());
      await this.#learn(this.#plan, indices, samples);
    }
    return this.#isUnwritable ? this.#say(indices) : tables.read(indices);
  }

  announce(order: Int32Array): void {
    // What is not there yet is not read.
    if (this.#isWhole) this.#options.tables.announce(order);
  }

  async dispose(): Promise<void> {
    await this.#close();
    await this.#options.tables.dispose();
  }

  async #close(): Promise<void> {
    await this.#predictor?.dispose();
    this.#predictor = undefined;
  }

  async #learn(plan: Plan, indices: ArrayLike<number>, samples: Float32Array): Promise<void> {
    const { signal, tables, onProgress } = this.#options;
    const { groups, groupOf, unknown, rest } = plan;
    const asked = new Set(Array.from(indices, (index) => groupOf[index] ?? 0));
    const missing = [...asked].filter((group) => unknown.has(group));
    for (const [done, group] of missing.entries()) {
      const members = groups[group] ?? new Int32Array(0);
      const isBatch = members.length === indices.length && members.every((index, row) => index === indices[row]);
      if (!isBatch && signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      await this.#ask(plan, members, isBatch ? samples : await this.#read(members));
      if (this.#isUnwritable) return;
      unknown.delete(group);
      if (!isBatch) onProgress(done + 1, missing.length);
    }
    if (rest !== undefined && unknown.size === 1 && unknown.has(rest)) {
      const members = groups[rest] ?? new Int32Array(0);
      await this.#ask(plan, members, await this.#read(members));
      unknown.delete(rest);
    }
    if (unknown.size > 0 || this.#isUnwritable) return;
    this.#plan = undefined;
    await this.#close();
    await this.#orGiveUp(() => tables.finish());
    this.#isWhole = !this.#isUnwritable;
  }

  async #ask({ groups }: Plan, members: Int32Array, samples: Float32Array): Promise<void> {
    const { open, keep, tables } = this.#options;
    this.#predictor ??= await open(groups[0]?.length ?? 1);
    const rows = keep(await this.#predictor.predictRows(samples));
    await this.#orGiveUp(() => tables.write(members, rows));
  }

  async #orGiveUp(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#isUnwritable = true;
      this.#options.onUnwritable(error);
    }
  }

  /** What the teacher says now. */
  async #say(indices: ArrayLike<number>): Promise<Outputs> {
    const { open, keep } = this.#options;
    this.#predictor ??= await open(indices.length);
    return keep(await this.#predictor.predictRows(await this.#read(Int32Array.from(indices))));
  }

  async #read(indices: Int32Array): Promise<Float32Array> {
    const { split, sampleShape } = this.#options;
    const samples = new Float32Array(indices.length * elementCount(sampleShape));
    await split.read(indices, samples);
    return samples;
  }
}

function planOf(count: number, batches: readonly Int32Array[]): Plan {
  const groupOf = new Int32Array(count).fill(batches.length);
  for (const [group, batch] of batches.entries()) for (const index of batch) groupOf[index] = group;
  const left = Int32Array.from({ length: count }, (_, index) => index).filter(
    (index) => groupOf[index] === batches.length,
  );
  const groups = left.length > 0 ? [...batches, left] : batches;
  return { groups, groupOf, unknown: new Set(groups.keys()), rest: left.length > 0 ? batches.length : undefined };
}
