import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { SearchAnswer, SearchQuestion, SearchThreadData } from '../../protocol/searchPage.ts';

/** The thread that draws the search of one tab. It starts with the first question and ends with the tab. */
export class SearchThread {
  readonly #program: string;
  readonly #data: SearchThreadData;
  #worker: Worker | undefined;
  #isDisposed = false;

  /** @param extensionPath folder of the extension, whose `dist` holds the thread's program */
  constructor(extensionPath: string, data: SearchThreadData) {
    this.#program = join(extensionPath, 'dist', 'searchThread.mjs');
    this.#data = data;
  }

  /** Draws what is in a folder now. One question is asked at a time. @returns undefined for a tab that is closed */
  draw(question: SearchQuestion): Promise<SearchAnswer | undefined> {
    if (this.#isDisposed) return Promise.resolve(undefined);
    const worker = (this.#worker ??= new Worker(this.#program, { name: 'distillery.search', workerData: this.#data }));
    return new Promise((resolve) => {
      const answer = (told: SearchAnswer | undefined): void => {
        worker.off('message', answer);
        worker.off('error', fail);
        worker.off('exit', end);
        resolve(told);
      };
      const fail = (error: unknown): void => {
        this.#worker = undefined;
        answer({ kind: 'problem', message: messageOf(error) });
      };
      const end = (): void => {
        answer(undefined);
      };
      worker.on('message', answer);
      worker.on('exit', end);
      worker.on('error', fail);
      worker.postMessage(question);
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    void this.#worker?.terminate();
  }
}
