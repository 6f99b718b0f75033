import type { Split } from '../data/dataset.ts';
import { writeTargets } from '../data/targets.ts';
import { alterBatch, type Alteration } from './alteration.ts';
import { elementCount } from '../onnx/tensor.ts';

/** What a training step is fed for a batch, by the name of its input. */
export type Batch = Readonly<Record<string, Float32Array>>;

/**
 * The teacher's side of the batches: its outputs, and the features inside it that terms compare with. They may have been
 * computed once, or are computed for every batch.
 */
export interface Teaching {
  /**
   * Writes what belongs to the samples at `indices`, row n to sample `indices[n]`, into `target`.
   * @param samples the batch as the student sees it
   */
  write(indices: ArrayLike<number>, samples: Float32Array, target: Batch): Promise<void>;
}

export interface BatchSource {
  readonly split: Split;
  readonly batchSize: number;
  readonly sampleShape: readonly number[];
  /** Dimensions of one sample's labels, as the training step takes them; undefined when it takes none. */
  readonly labelShape: readonly number[] | undefined;
  /** Dimensions of what the teachers add for one sample, by the name of the training step's input. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly teaching?: Teaching | undefined;
  /** How every batch is changed before the teachers see it. */
  readonly alteration?: Alteration | undefined;
}

/** Assembles batches into two sets of buffers that take turns, so that one is filled while the other is trained on. */
export class BatchFeeder {
  readonly #source: BatchSource;
  readonly #buffers: readonly [Batch, Batch];
  #turn: 0 | 1 = 0;

  constructor(source: BatchSource) {
    this.#source = source;
    const rows = (shape: readonly number[]): Float32Array => new Float32Array(source.batchSize * elementCount(shape));
    const allocate = (): Batch => ({
      samples: rows(source.sampleShape),
      ...(source.labelShape && { labels: rows(source.labelShape) }),
      ...Object.fromEntries([...source.shapes].map(([name, shape]) => [name, rows(shape)])),
    });
    this.#buffers = [allocate(), allocate()];
  }

  /** Tells which batches will be assembled, in this order, so that their samples can be made meanwhile. */
  announce(batches: readonly Int32Array[]): void {
    this.#source.split.stream?.announce(Int32Array.from(batches.flatMap((batch) => [...batch])));
  }

  /**
   * Reads the samples at `indices` with their labels and what the teacher makes of them. Valid until the call after next.
   * @param step that the batch is for, counted from 1
   */
  async assemble(indices: ArrayLike<number>, step: number): Promise<Batch> {
    const { split, sampleShape, labelShape, teaching, alteration } = this.#source;
    const batch = this.#buffers[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
    const { samples = new Float32Array(0), labels } = batch;
    if (labels) writeTargets(split.targets, labelShape?.at(-1) ?? 0, indices, labels);
    await split.read(indices, samples);
    if (split.targets.kind === 'samples') labels?.set(samples);
    if (alteration) alterBatch(alteration, { samples, labels }, sampleShape, step);
    await teaching?.write(indices, samples, batch);
    return batch;
  }
}
