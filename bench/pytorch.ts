import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CLASSES, type BenchCase } from './cases.ts';
import type { Clock } from './clock.ts';

/**
 * How PyTorch does it: as most people write it; through `torch.compile`, with fused Adam and, where that helps, channels last; and the same
 * with products and convolutions in bfloat16, as autocast chooses them, where the processor multiplies such numbers: half as many bits, so that
 * it is told, and no bar.
 */
export const FORMS = ['eager', 'compiled', 'bfloat16'] as const;
export type PyTorchForm = (typeof FORMS)[number];

/** So many steps, and for so long, at least. */
export interface LeastWork {
  readonly steps: number;
  readonly milliseconds: number;
}

/** What is asked of PyTorch. */
export interface PyTorchWish {
  readonly mode: 'training' | 'inference';
  readonly form: PyTorchForm;
  /** What is done before it is timed, and what is timed. */
  readonly warmUp: LeastWork;
  readonly measured: LeastWork;
  readonly threads: number;
  readonly clock: Clock;
  readonly device: 'cpu' | 'cuda';
}

/** Why a form does not work there. */
export interface PyTorchRefusal {
  readonly refusal: string;
}

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
  return candidates.find((python) => python && spawnSync(python, ['-c', 'import torch']).status === 0);
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

  /** Times training steps or forward passes. What was compiled once serves all further rounds. */
  measure(network: BenchCase, wish: PyTorchWish): Promise<PyTorchTimes | PyTorchRefusal> {
    return this.#ask<PyTorchTimes>({ ...requestOf(network), ...wish });
  }

  async #ask<Answer>(request: object): Promise<Answer | PyTorchRefusal> {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const [answer] = (await once(this.#lines, 'line')) as [string];
    return JSON.parse(answer) as Answer | PyTorchRefusal;
  }

  close(): void {
    this.#process.stdin.end();
  }
}

function requestOf({ architecture, input, vocabulary = 0, batch }: BenchCase): object {
  return { architecture, input, vocabulary, batch, classes: CLASSES };
}

/** By how many bytes the peak memory of a process grows that trains a network with PyTorch for a few steps, as most people write it. */
export function pytorchMemory(python: string, network: BenchCase, steps: number): number {
  const program = fileURLToPath(new URL('pytorch.py', import.meta.url));
  const request = {
    ...requestOf(network),
    mode: 'training',
    form: 'eager',
    device: 'cpu',
    steps,
    threads: availableParallelism(),
    memory: true,
  };
  const { stdout, stderr, status } = spawnSync(python, [program], {
    input: `${JSON.stringify(request)}\n`,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly bytes: number }).bytes;
}
