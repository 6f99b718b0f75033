import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { DistilleryError, messageOf } from '../../../../errors.ts';
import { startThread } from '../../../../platform/startThread.ts';
import type {
  ContentHash,
  DecodingOutcome,
  DecodingReply,
  DecodingRequest,
  DecodingSetup,
} from './decodingMessages.ts';

interface Waiting {
  readonly resolve: (outcome: DecodingOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that decode images at the same time. */
export const decodingThreads = Math.min(availableParallelism(), 4);

/** The threads that decode images into slots of shared memory. Whoever makes them disposes of them. */
export class DecodingWorkers {
  readonly #workers: readonly Worker[];
  readonly #ended: Promise<unknown>;
  /** By the slot that is decoded into. */
  readonly #waiting = new Map<number, Waiting>();
  #turn = 0;
  #failure: DistilleryError | undefined;

  /** @param onHash takes the hashes of contents that were asked for, by the number of the image */
  constructor(setup: DecodingSetup, onHash: (image: number, hash: ContentHash) => void) {
    this.#workers = Array.from({ length: decodingThreads }, () =>
      startThread('decodingThread', import.meta.url, setup),
    );
    const ended = this.#workers.map((worker) => {
      worker.on('message', (reply: DecodingReply) => {
        if (reply.kind === 'hashed') {
          onHash(reply.image, reply.hash);
          return;
        }
        const waiting = this.#waiting.get(reply.slot);
        this.#waiting.delete(reply.slot);
        waiting?.resolve(reply.outcome);
      });
      worker.on('error', (error) => {
        this.#fail(
          new DistilleryError('INTERNAL', `A thread that decodes images failed: ${messageOf(error)}`, {
            cause: error,
          }),
        );
      });
      return new Promise<void>((resolve) => {
        worker.once('exit', () => {
          this.#fail(new DistilleryError('CANCELLED', 'The dataset was closed.'));
          resolve();
        });
      });
    });
    this.#ended = Promise.all(ended);
  }

  /**
   * Decodes an image into a slot that nothing else is decoded into.
   *
   * @param content path of the file, or its contents
   * @param image number by which the hash of the contents is told, too; undefined where none is wanted
   * @throws DistilleryError `CANCELLED` when the worker is disposed of, `INTERNAL` when its thread fails
   */
  decode(
    slot: number,
    content: string | Uint8Array,
    urgent: boolean,
    image: number | undefined,
  ): Promise<DecodingOutcome> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.set(slot, { resolve, reject });
      this.#postToNext({ kind: 'decode', slot, content, urgent, image });
    });
  }

  /** Has the contents of an image hashed as soon as there is nothing to decode. */
  hash(image: number, content: string | Uint8Array): void {
    this.#postToNext({ kind: 'hash', image, content });
  }

  /** Ends the threads; images that are waited for are refused. */
  async dispose(): Promise<void> {
    for (const worker of this.#workers) worker.postMessage({ kind: 'stop' } satisfies DecodingRequest);
    await this.#ended;
  }

  /** The threads take turns. */
  #postToNext(request: DecodingRequest): void {
    this.#workers[this.#turn]?.postMessage(request);
    this.#turn = (this.#turn + 1) % this.#workers.length;
  }

  #fail(error: DistilleryError): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
