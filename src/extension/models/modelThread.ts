import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { ModelAnswer, ModelQuestion } from '../../protocol/modelView.ts';

/** The thread that reads models for one page. A file that it cannot bear ends the thread, not the extension host. */
export class ModelThread {
  readonly #program: string;
  readonly #onAnswer: (answer: ModelAnswer) => void;
  #worker: Worker | undefined;
  /** Asked and not answered yet, in order. */
  #pending: ModelQuestion[] = [];
  #isDisposed = false;

  /** @param extensionPath folder of the extension, whose `dist` holds the thread's program */
  constructor(extensionPath: string, onAnswer: (answer: ModelAnswer) => void) {
    this.#program = join(extensionPath, 'dist', 'modelThread.mjs');
    this.#onAnswer = onAnswer;
  }

  ask(question: ModelQuestion): void {
    if (this.#isDisposed) return;
    this.#pending.push(question);
    this.#worker ??= this.#start();
    this.#worker.postMessage(question);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#pending = [];
    void this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { name: 'distillery.models' });
    worker.on('message', (answer: ModelAnswer) => {
      this.#pending.shift();
      if (!this.#isDisposed) this.#onAnswer(answer);
    });
    worker.on('error', (error) => {
      this.#worker = undefined;
      const unanswered = this.#pending;
      this.#pending = [];
      for (const about of unanswered) this.#onAnswer({ kind: 'refused', about, message: messageOf(error) });
    });
    return worker;
  }
}
