import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { messageOf } from '../../errors.ts';

/** What a list shows of a model. */
export type ModelSize =
  | { readonly kind: 'known'; readonly parameters: number; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly problem: string };

const answerSchema = z.object({
  path: z.string(),
  parameters: z.number().optional(),
  bytes: z.number().optional(),
  problem: z.string().optional(),
});

/** A thread that nobody asks anything is given up. */
const IDLE_MS = 10_000;

/** Sizes of models, each counted once until its file changes, by a thread that lives while it has work. */
export class ModelSizes {
  readonly #program: string;
  readonly #known = new Map<string, { readonly stamp: string; readonly size: ModelSize }>();
  readonly #waiting = new Map<string, (size: ModelSize) => void>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @param extensionPath folder of the extension, whose `dist` holds the thread's program */
  constructor(extensionPath: string) {
    this.#program = join(extensionPath, 'dist', 'modelSizeThread.mjs');
  }

  /** What is known of a model already, which may be of an earlier version of its file. */
  knownOf(path: string): ModelSize | undefined {
    return this.#known.get(path)?.size;
  }

  /** Counts a model, unless its file is as it was when it was counted last. */
  async sizeOf(path: string): Promise<ModelSize> {
    const stamp = await stampOf(path);
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.size;
    const size = await this.#ask(path);
    this.#known.set(path, { stamp, size });
    return size;
  }

  dispose(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(path: string): Promise<ModelSize> {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve) => {
      const before = this.#waiting.get(path);
      this.#waiting.set(path, (size) => {
        before?.(size);
        resolve(size);
      });
      if (!before) worker.postMessage(path);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { name: 'distillery.modelSizes' });
    worker.on('message', (message: unknown) => {
      const { path, parameters, bytes, problem = '' } = answerSchema.parse(message);
      this.#settle(
        path,
        parameters === undefined || bytes === undefined
          ? { kind: 'unreadable', problem }
          : { kind: 'known', parameters, bytes },
      );
    });
    // A file that the thread cannot bear ends it, and with it the questions that wait.
    worker.on('error', (error) => {
      this.#worker = undefined;
      for (const path of [...this.#waiting.keys()])
        this.#settle(path, { kind: 'unreadable', problem: messageOf(error) });
    });
    return worker;
  }

  #settle(path: string, size: ModelSize): void {
    this.#waiting.get(path)?.(size);
    this.#waiting.delete(path);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => {
      this.dispose();
    }, IDLE_MS);
  }
}

/** Another one for another content, as far as the file system tells. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(path);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'gone';
  }
}
