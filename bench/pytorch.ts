import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One timed network, the same for both sides. */
export interface BenchCase {
  readonly network: 'mlp' | 'convnet';
  readonly input: readonly number[];
  readonly channels: readonly number[];
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly batch: number;
}

/** A Python that has PyTorch: `DISTILLERY_BENCH_PYTHON`, Debian's, or the one on the PATH. */
export function findPyTorch(): string | undefined {
  const candidates = [process.env['DISTILLERY_BENCH_PYTHON'], '/usr/bin/python3', 'python3'];
  return candidates.find((python) => python !== undefined && spawnSync(python, ['-c', 'import torch']).status === 0);
}

/** PyTorch in a process of its own, which times steps on request. */
export class PyTorch {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(python: string) {
    this.#process = spawn(python, [fileURLToPath(new URL('pytorch.py', import.meta.url))]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#process.stdout });
  }

  /** Milliseconds of each of `steps` training steps from fresh weights. */
  async measure(
    network: BenchCase,
    steps: number,
    threads: number,
  ): Promise<{ milliseconds: number[]; version: string }> {
    this.#process.stdin.write(`${JSON.stringify({ ...network, steps, threads })}\n`);
    const [answer] = (await once(this.#lines, 'line')) as [string];
    return JSON.parse(answer) as { milliseconds: number[]; version: string };
  }

  close(): void {
    this.#process.stdin.end();
  }
}
