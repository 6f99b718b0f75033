import type { Worker } from 'node:worker_threads';
import { DistilleryError, messageOf } from '../../errors.ts';
import { startThread } from '../../platform/startThread.ts';
import type { AugmentedBatch, BatchAugmentation, BatchMoment } from './batchAugmentation.ts';
import type { AugmentationRequest, AugmentationSetup } from './augmentationMessages.ts';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The thread that alters batches, one at a time. Whoever makes it disposes of it. */
export class AugmentationWorker {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** The thread's own copy of a batch. */
  readonly #samples: Float32Array;
  readonly #labels: Float32Array | undefined;
  #waiting: Waiting | undefined;
  #failure: DistilleryError | undefined;

  /** @param batch one of the size of all */
  constructor(batchAugmentation: BatchAugmentation, sampleShape: readonly number[], batch: AugmentedBatch) {
    const samples = new SharedArrayBuffer(batch.samples.byteLength);
    const labels = batch.labels && new SharedArrayBuffer(batch.labels.byteLength);
    this.#samples = new Float32Array(samples);
    this.#labels = labels && new Float32Array(labels);
    const setup: AugmentationSetup = { batchAugmentation, sampleShape, samples, labels };
    this.#worker = startThread('augmentationThread', import.meta.url, setup);
    this.#worker.on('message', () => {
      this.#waiting?.resolve();
      this.#waiting = undefined;
    });
    this.#worker.on('error', (error) => {
      this.#fail(
        new DistilleryError('INTERNAL', `The thread that alters batches failed: ${messageOf(error)}`, { cause: error }),
      );
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(new DistilleryError('CANCELLED', 'The training has ended.'));
        resolve();
      });
    });
  }

  /**
   * Changes a batch as `augmentBatch` does. Only once the batch before is done.
   *
   * @throws DistilleryError `CANCELLED` when the worker is disposed of, `INTERNAL` when its thread fails
   */
  async alter({ samples, labels }: AugmentedBatch, moment: BatchMoment): Promise<void> {
    this.#samples.set(samples);
    if (labels) this.#labels?.set(labels);
    await new Promise<void>((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#waiting = { resolve, reject };
      this.#post({ kind: 'alter', moment });
    });
    samples.set(this.#samples);
    if (this.#labels) labels?.set(this.#labels);
  }

  /** Ends the thread; a batch that is waited for is refused. */
  async dispose(): Promise<void> {
    this.#post({ kind: 'stop' });
    await this.#ended;
  }

  #post(request: AugmentationRequest): void {
    this.#worker.postMessage(request);
  }

  #fail(error: DistilleryError): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}
