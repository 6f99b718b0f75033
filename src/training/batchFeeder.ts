import type { Split } from '../data/samples/split.ts';
import { writeTargets } from '../data/targets.ts';
import {
  augmentBatch,
  takesLong,
  type AugmentedBatch,
  type BatchAugmentation,
  type BatchMoment,
} from './augmentation/batchAugmentation.ts';
import { AugmentationWorker } from './augmentation/augmentationWorker.ts';
import { elementCount } from '../onnx/tensor.ts';

/** What a training step is fed for a batch, by the name of its input. */
export type Batch = Readonly<Record<string, Float32Array>>;

/**
 * The teacher's side of the batches: its outputs, and the features inside it that terms compare with. They may have been
 * computed once, or are computed for every batch.
 */
export interface Teaching {
  /** Writes what belongs to the samples of a batch, row n to sample `indices[n]`, into `target`. */
  write(batch: TaughtBatch, target: Batch): Promise<void>;
  /** Tells which samples will be asked for next, in which order, where that helps. */
  announce?(order: Int32Array): void;
}

/** Waits until batches are whole. */
export type PreparedBatches = () => Promise<Batch[]>;

/** A batch as the student sees it. */
export interface TaughtBatch {
  readonly indices: ArrayLike<number>;
  readonly samples: Float32Array;
  /** Counted from 1. */
  readonly epoch: number;
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
  readonly batchAugmentation?: BatchAugmentation | undefined;
}

/** Assembles batches, ahead of the training. Whoever makes it disposes of it. */
export class BatchFeeder {
  readonly #source: BatchSource;
  /** Buffers of batches that were released. */
  readonly #spare: Batch[] = [];
  #worker: AugmentationWorker | undefined;
  /** Settles with the batch that was last given to the thread, which takes one at a time. */
  #altered: Promise<unknown> = Promise.resolve();

  constructor(source: BatchSource) {
    this.#source = source;
  }

  /** Tells which batches will be assembled, in this order, so that their samples can be made meanwhile. */
  announce(batches: readonly Int32Array[]): void {
    const { split, teaching } = this.#source;
    const order = new Int32Array(batches.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const batch of batches) {
      order.set(batch, end);
      end += batch.length;
    }
    split.stream?.announce(order);
    teaching?.announce?.(order);
  }

  /**
   * Reads samples with their labels and has them altered, in a thread where that takes long. What is returned waits
   * for that and adds what the teacher makes of them; the batch is valid until it is released.
   */
  async prepare(moment: BatchMoment): Promise<() => Promise<Batch>> {
    const { indices, epoch } = moment;
    const { split, labelShape, teaching } = this.#source;
    const batch = this.#spare.pop() ?? this.#allocate();
    const { samples = new Float32Array(0), labels } = batch;
    if (labels) writeTargets(split.targets, labelShape?.at(-1) ?? 0, indices, labels);
    await split.read(indices, samples);
    if (split.targets.kind === 'samples') labels?.set(samples);
    const altering = this.#alter({ samples, labels }, moment);
    // A batch that is not trained on any more is not waited for.
    altering.catch(() => undefined);
    return async () => {
      await altering;
      await teaching?.write({ indices, samples, epoch }, batch);
      return batch;
    };
  }

  /** Prepares several batches, in their order. Undefined when there are none. */
  async prepareAll(moments: readonly BatchMoment[]): Promise<PreparedBatches | undefined> {
    const prepared: (() => Promise<Batch>)[] = [];
    for (const moment of moments) prepared.push(await this.prepare(moment));
    if (prepared.length === 0) return undefined;
    return async () => {
      const batches: Batch[] = [];
      for (const finish of prepared) batches.push(await finish());
      return batches;
    };
  }

  /** Gives the buffers of a batch back, to be filled anew. */
  release(batch: Batch): void {
    this.#spare.push(batch);
  }

  /** Ends the thread. */
  async dispose(): Promise<void> {
    await this.#worker?.dispose();
  }

  #allocate(): Batch {
    const { batchSize, sampleShape, labelShape, shapes } = this.#source;
    const rows = (shape: readonly number[]): Float32Array => new Float32Array(batchSize * elementCount(shape));
    return {
      samples: rows(sampleShape),
      ...(labelShape && { labels: rows(labelShape) }),
      ...Object.fromEntries([...shapes].map(([name, shape]) => [name, rows(shape)])),
    };
  }

  async #alter(batch: AugmentedBatch, moment: BatchMoment): Promise<void> {
    const { sampleShape, batchAugmentation } = this.#source;
    if (!batchAugmentation) return;
    if (!takesLong(batchAugmentation, batch.samples.length)) {
      augmentBatch(batchAugmentation, batch, sampleShape, moment);
      return;
    }
    const worker = (this.#worker ??= new AugmentationWorker(batchAugmentation, sampleShape, batch));
    const altering = this.#altered.then(() => worker.alter(batch, moment));
    this.#altered = altering.catch(() => undefined);
    await altering;
  }
}
