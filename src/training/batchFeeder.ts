import type { Split } from '../data/dataset.ts';

export interface BatchSource {
  readonly split: Split;
  readonly batchSize: number;
  readonly sampleShape: readonly number[];
  readonly classes: number;
  /** [split.count, classes]; row i belongs to sample i of the split, whatever the order of the batches. */
  readonly teacherLogits?: Float32Array;
}

type Batch = Readonly<Record<'samples' | 'labels' | 'teacher', Float32Array>>;

/** Assembles batches into two sets of buffers that take turns, so that one is filled while the other is trained on. */
export class BatchFeeder {
  readonly #source: BatchSource;
  readonly #buffers: readonly [Batch, Batch];
  #turn: 0 | 1 = 0;

  constructor(source: BatchSource) {
    this.#source = source;
    const sampleLength = source.sampleShape.reduce((product, dimension) => product * dimension, 1);
    const allocate = (): Batch => ({
      samples: new Float32Array(source.batchSize * sampleLength),
      labels: new Float32Array(source.batchSize * source.classes),
      teacher: new Float32Array(source.teacherLogits ? source.batchSize * source.classes : 0),
    });
    this.#buffers = [allocate(), allocate()];
  }

  /** Reads the samples at `indices` with their one-hot labels and their teacher logits. Valid until the call after next. */
  async assemble(indices: ArrayLike<number>): Promise<Readonly<Record<string, Float32Array>>> {
    const { split, classes, teacherLogits } = this.#source;
    const { samples, labels, teacher } = this.#buffers[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    labels.fill(0);
    for (let row = 0; row < indices.length; row++) {
      const sample = indices[row] ?? 0;
      labels[row * classes + (split.labels[sample] ?? 0)] = 1;
      if (teacherLogits) teacher.set(teacherLogits.subarray(sample * classes, (sample + 1) * classes), row * classes);
    }
    await split.read(indices, samples);
    return teacherLogits ? { samples, labels, teacher } : { samples, labels };
  }
}
