import type { Split } from '../data/dataset.ts';
import { writeTargets } from '../data/targets.ts';
import { alterBatch, takesLong, type AlteredBatch, type Alteration, type BatchMoment } from './alteration.ts';
import { AlteringWorker } from './alteringWorker.ts';
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
}

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
  readonly alteration?: Alteration | undefined;
}

/** Assembles batches into two sets of buffers that take turns, so that one is filled while the other is trained on. Whoever makes it disposes of it. */
export class BatchFeeder {
  readonly #source: BatchSource;
  readonly #buffers: readonly [Batch, Batch];
  #turn: 0 | 1 = 0;
  #worker: AlteringWorker | undefined;

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
   * Reads samples with their labels and has them altered, in a thread where that takes long. What is returned waits
   * for that and adds what the teacher makes of them; the batch is valid until the call of `prepare` after next.
   */
  async prepare(moment: BatchMoment): Promise<() => Promise<Batch>> {
    const { indices, epoch } = moment;
    const { split, labelShape, teaching } = this.#source;
    const batch = this.#buffers[this.#turn];
    this.#turn = this.#turn === 0 ? 1 : 0;
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

  /** Ends the thread. */
  async dispose(): Promise<void> {
    await this.#worker?.dispose();
  }

  async #alter(batch: AlteredBatch, moment: BatchMoment): Promise<void> {
    const { sampleShape, alteration } = this.#source;
    if (!alteration) return;
    if (!takesLong(alteration, batch.samples.length)) {
      alterBatch(alteration, batch, sampleShape, moment);
      return;
    }
    this.#worker ??= new AlteringWorker(alteration, sampleShape, batch);
    await this.#worker.alter(batch, moment);
  }
}
