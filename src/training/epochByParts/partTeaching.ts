import type { Batch, TaughtBatch, Teaching } from '../batchFeeder.ts';

/** What is taught of some samples of a transfer set, which are counted among themselves. */
export class PartTeaching implements Teaching {
  readonly #teaching: Teaching;
  readonly #samples: Int32Array;

  /** @param samples of the part, by their places in the transfer set */
  constructor(teaching: Teaching, samples: Int32Array) {
    this.#teaching = teaching;
    this.#samples = samples;
  }

  write(batch: TaughtBatch, target: Batch): Promise<void> {
    return this.#teaching.write({ ...batch, indices: this.#inWhole(batch.indices) }, target);
  }

  announce(order: Int32Array): void {
    this.#teaching.announce?.(this.#inWhole(order));
  }

  #inWhole(indices: ArrayLike<number>): Int32Array {
    return Int32Array.from(indices, (index) => this.#samples[index] ?? -1);
  }
}
