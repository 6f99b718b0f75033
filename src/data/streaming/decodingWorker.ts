import type { Worker } from 'node:worker_threads';
import { DistilleryError, messageOf } from '../../errors.ts';
import { startThread } from '../../startThread.ts';
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

/** The thread that decodes images into slots of shared memory. Whoever makes it disposes of it. */
export class DecodingWorker {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** By the slot that is decoded into. */
  readonly #waiting = new Map<number, Waiting>();
  #failure: DistilleryError | undefined;

  /** @param onHash takes the hashes of contents that were asked for, by the number of the image */
  constructor(setup: DecodingSetup, onHash: (image: number, hash: ContentHash) => void) {
    this.#worker = startThread('decodingThread', import.meta.url, setup);
    this.#worker.on('message', (reply: DecodingReply) => {
      if (reply.kind === 'hashed') {
        onHash(reply.image, reply.hash);
        return;
      }
      const waiting = this.#waiting.get(reply.slot);
      this.#waiting.delete(reply.slot);
      waiting?.resolve(reply.outcome);
    });
    this.#worker.on('error', (error) => {
      this.#fail(
        new DistilleryError('INTERNAL', `The thread that decodes images failed: ${messageOf(error)}`, { cause: error }),
      );
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(new DistilleryError('CANCELLED', 'The dataset was closed.'));
        resolve();
      });
    });
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
      this.#post({ kind: 'decode', slot, content, urgent, image });
    });
  }

  /** Has the contents of an image hashed as soon as there is nothing to decode. */
  hash(image: number, content: string | Uint8Array): void {
    this.#post({ kind: 'hash', image, content });
  }

  /** Ends the thread; images that are waited for are refused. */
  async dispose(): Promise<void> {
    this.#post({ kind: 'stop' });
    await this.#ended;
  }

  #post(request: DecodingRequest): void {
    this.#worker.postMessage(request);
  }

  #fail(error: DistilleryError): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
