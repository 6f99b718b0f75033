import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { SearchAnswer, SearchQuestion, SearchThreadData } from '../../protocol/searchPage.ts';

/** The thread that draws the search of one tab. It starts with the first question and ends with the tab. */
export class SearchThread {
  readonly #program: string;
  readonly #data: SearchThreadData;
  #worker: Worker | undefined;

  /** @param extensionPath folder of the extension, whose `dist` holds the thread's program */
  constructor(extensionPath: string, data: SearchThreadData) {
    this.#program = join(extensionPath, 'dist', 'searchThread.mjs');
    this.#data = data;
  }

  /** Draws what is in a folder now. One question is asked at a time. */
  draw(question: SearchQuestion): Promise<SearchAnswer> {
    const worker = (this.#worker ??= new Worker(this.#program, { name: 'distillery.search', workerData: this.#data }));
    return new Promise((resolve) => {
      const answer = (told: SearchAnswer): void => {
        worker.off('message', answer);
        worker.off('error', fail);
        resolve(told);
      };
      const fail = (error: unknown): void => {
        this.#worker = undefined;
        answer({ kind: 'problem', message: messageOf(error) });
      };
      worker.on('message', answer);
      worker.on('error', fail);
      worker.postMessage(question);
    });
  }

  dispose(): void {
    void this.#worker?.terminate();
  }
}
