import type { CrossFittedTeacher } from '../report/choice.ts';
import type { Batch, TaughtBatch, Teaching } from '../training/batchFeeder.ts';
import { teacherInput } from '../training/trainingTask.ts';

/** What teachers say of samples that they have not learned. */
export interface CrossFitted {
  /** [count, outputs] of the training split, which is the beginning of the transfer set. */
  readonly logits: Float32Array;
  readonly count: number;
  readonly told: CrossFittedTeacher;
}

/**
 * What a teacher says of a transfer set, but that of its first samples others say it who have not learned them: the logits of a network
 * of what it was trained on are surer than it can be of other samples, and tell little beside the labels (Dao et al., arXiv 2104.09732).
 */
export class CrossFittedTeaching implements Teaching {
  readonly #teaching: Teaching;
  readonly #logits: Float32Array;
  readonly #count: number;

  /** @param teaching of the teacher that has learned all */
  constructor(teaching: Teaching, { logits, count }: Pick<CrossFitted, 'logits' | 'count'>) {
    this.#teaching = teaching;
    this.#logits = logits;
    this.#count = count;
  }

  async write(batch: TaughtBatch, target: Batch): Promise<void> {
    await this.#teaching.write(batch, target);
    const rows = target[teacherInput(0)];
    // Not every objective looks at logits.
    if (!rows) return;
    const width = this.#logits.length / this.#count;
    Array.from(batch.indices).forEach((index, row) => {
      if (index < this.#count) rows.set(this.#logits.subarray(index * width, (index + 1) * width), row * width);
    });
  }

  announce(order: Int32Array): void {
    this.#teaching.announce?.(order);
  }
}
