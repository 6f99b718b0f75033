import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CLASSES, type BenchCase } from './cases.ts';

/** What PyTorch measured. */
export interface PyTorchTimes {
  /** Of each step. */
  readonly milliseconds: readonly number[];
  readonly parameters: number;
  readonly version: string;
}

/** A Python that has PyTorch: `DISTILLERY_BENCH_PYTHON`, Debian's, or the one on the PATH. */
export function findPyTorch(): string | undefined {
  const candidates = [process.env['DISTILLERY_BENCH_PYTHON'], '/usr/bin/python3', 'python3'];
  return candidates.find((python) => python !== undefined && spawnSync(python, ['-c', 'import torch']).status === 0);
}

/** PyTorch in a process of its own, which times networks on request. */
export class PyTorch {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(python: string) {
    this.#process = spawn(python, [fileURLToPath(new URL('pytorch.py', import.meta.url))]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#process.stdout });
  }

  /** Times `steps` training steps or forward passes from fresh weights. */
  async measure(
    network: BenchCase,
    mode: 'training' | 'inference',
    steps: number,
    threads: number,
  ): Promise<PyTorchTimes> {
    const { architecture, input, vocabulary = 0, batch } = network;
    this.#process.stdin.write(
      `${JSON.stringify({ architecture, input, vocabulary, batch, classes: CLASSES, mode, steps, threads })}\n`,
    );
    const [answer] = (await once(this.#lines, 'line')) as [string];
    return JSON.parse(answer) as PyTorchTimes;
  }

  close(): void {
    this.#process.stdin.end();
  }
}
