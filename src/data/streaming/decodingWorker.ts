import type { Worker } from 'node:worker_threads';
import { DistilleryError, messageOf } from '../../errors.ts';
import { startThread } from '../../startThread.ts';
import type { DecodingOutcome, DecodingReply, DecodingRequest, DecodingSetup } from './decodingMessages.ts';

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

  constructor(setup: DecodingSetup) {
    this.#worker = startThread('decodingThread', import.meta.url, setup);
    this.#worker.on('message', ({ slot, outcome }: DecodingReply) => {
      const waiting = this.#waiting.get(slot);
      this.#waiting.delete(slot);
      waiting?.resolve(outcome);
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
   * @throws DistilleryError `CANCELLED` when the worker is disposed of, `INTERNAL` when its thread fails
   */
  decode(slot: number, content: string | Uint8Array, urgent: boolean): Promise<DecodingOutcome> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.set(slot, { resolve, reject });
      this.#post({ kind: 'decode', slot, content, urgent });
    });
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
