import type { Split } from '../data/dataset.ts';
import { DistilleryError } from '../errors.ts';
import { elementCount } from '../onnx/tensor.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { Outputs } from './cache/outputsFile.ts';
import { selectRows, type OutputSource } from './outputSource.ts';

export interface RecordedOutputsOptions {
  /** The samples as the teacher gets them. */
  readonly split: Split;
  readonly sampleShape: readonly number[];
  /** Which samples are put to the teacher together: the batches of the first epoch. No sample is in two of them. */
  readonly batches: readonly Int32Array[];
  /** Opens the teacher, when it is asked for the first time. */
  readonly open: () => Promise<Predictor>;
  /** What becomes of outputs when they are stored, and is to become of them at once. */
  readonly round: (outputs: Outputs) => Outputs;
  /** Takes the outputs of all samples, [count, …] by name, as soon as they are there. */
  readonly onWhole: (outputs: Outputs) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * A teacher's outputs for a split, computed when a batch asks for them and then known: the first epoch fills the table, and the
 * later ones read it. Samples are put to the teacher in the batches of the first epoch, whoever asks for them. So what it says of a
 * sample depends on those batches alone, even where its arithmetic looks at a whole batch, and a training that goes on from a
 * checkpoint is told the same as one that was not interrupted.
 */
export class RecordedOutputs implements OutputSource {
  readonly #options: RecordedOutputsOptions;
  /** The batches, and what they leave out. */
  readonly #groups: readonly Int32Array[];
  readonly #groupOf: Int32Array;
  readonly #unknown: Set<number>;
  readonly #tables = new Map<string, Float32Array>();
  #predictor: Predictor | undefined;

  constructor(options: RecordedOutputsOptions) {
    const { split, batches } = options;
    this.#options = options;
    this.#groupOf = new Int32Array(split.count).fill(batches.length);
    for (const [group, batch] of batches.entries()) for (const index of batch) this.#groupOf[index] = group;
    const rest = Int32Array.from({ length: split.count }, (_, index) => index).filter(
      (index) => this.#groupOf[index] === batches.length,
    );
    this.#groups = rest.length > 0 ? [...batches, rest] : batches;
    this.#unknown = new Set(this.#groups.keys());
  }

  /** @throws DistilleryError `CANCELLED` when the signal aborts while several batches have to be caught up on */
  async outputsFor(indices: ArrayLike<number>, samples: Float32Array): Promise<Outputs> {
    const { split, batches, signal } = this.#options;
    const asked = new Set(Array.from(indices, (index) => this.#groupOf[index] ?? 0));
    for (const group of asked) {
      if (!this.#unknown.has(group)) continue;
      const members = this.#groups[group] ?? new Int32Array(0);
      const isBatch = members.length === indices.length && members.every((index, row) => index === indices[row]);
      if (!isBatch && signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      await this.#ask(group, members, isBatch ? samples : await this.#read(members));
    }
    const rest = this.#groups[batches.length];
    if (rest && this.#unknown.size === 1 && this.#unknown.has(batches.length)) {
      await this.#ask(batches.length, rest, await this.#read(rest));
    }
    return selectRows(this.#tables, split.count, indices);
  }

  async dispose(): Promise<void> {
    await this.#predictor?.dispose();
    this.#predictor = undefined;
  }

  async #ask(group: number, members: Int32Array, samples: Float32Array): Promise<void> {
    const { split, open, round, onWhole } = this.#options;
    this.#predictor ??= await open();
    for (const [name, rows] of round(await this.#predictor.predictRows(samples))) {
      const width = rows.length / members.length;
      const table = this.#tables.get(name) ?? new Float32Array(split.count * width);
      this.#tables.set(name, table);
      members.forEach((index, row) => {
        table.set(rows.subarray(row * width, (row + 1) * width), index * width);
      });
    }
    this.#unknown.delete(group);
    if (this.#unknown.size > 0) return;
    await this.dispose();
    await onWhole(this.#tables);
  }

  async #read(indices: Int32Array): Promise<Float32Array> {
    const { split, sampleShape } = this.#options;
    const samples = new Float32Array(indices.length * elementCount(sampleShape));
    await split.read(indices, samples);
    return samples;
  }
}
