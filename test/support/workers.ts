import type { Worker } from 'node:worker_threads';

/** Counts the threads that are started from now on and have not ended. */
export class WorkerCount {
  /** All that were started. */
  started = 0;
  alive = 0;
  readonly #onWorker = (worker: Worker): void => {
    this.started++;
    this.alive++;
    worker.once('exit', () => this.alive--);
  };

  constructor() {
    process.on('worker', this.#onWorker);
  }

  stop(): void {
    process.off('worker', this.#onWorker);
  }
}
