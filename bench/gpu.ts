import { spawnSync } from 'node:child_process';
import type { DeviceName } from '../src/protocol/events.ts';
import { chooseDevice } from '../src/training/engines/devices/chooseDevice.ts';
import { preferLayout } from '../src/training/engines/session.ts';
import { benchCases, tinyCases } from './cases.ts';
import { compare } from './compare.ts';
import { PyTorch } from './pytorch.ts';

const DEVICES: readonly DeviceName[] = ['cuda', 'webgpu', 'dml', 'coreml'];

export interface GpuOptions {
  readonly rounds: number;
  readonly threads: number;
  /** The Python that has PyTorch, if there is one. */
  readonly python: string | undefined;
}

/**
 * Times the networks of the bench on every device beside the CPU that works here, against PyTorch with CUDA, eager and compiled, and prints the
 * ratios of the medians. Appends the figures to bench/history.jsonl.
 *
 * @param words of which one must be part of a network's name, by default all are timed; names of devices, which are not tried before, by default all that work; `tiny` takes
 * networks that a driver in software computes in a while, to see that everything works
 * @returns how many bars were missed
 */
export async function benchGpu(words: readonly string[], { rounds, threads, python }: GpuOptions): Promise<number> {
  const named = DEVICES.filter((device) => words.includes(device));
  const parts = words.filter((word) => word !== 'tiny' && !DEVICES.some((device) => device === word));
  const networks = (words.includes('tiny') ? tinyCases : benchCases).filter(
    ({ name }) => parts.length === 0 || parts.some((part) => name.toLowerCase().includes(part)),
  );
  const pytorch = python !== undefined && hasCuda(python) ? new PyTorch(python) : undefined;
  if (python !== undefined && !pytorch) console.log('PyTorch finds no device with CUDA: no ratios follow.\n');
  let missed = 0;
  for (const device of named.length > 0 ? named : DEVICES) {
    // A device that is named is not tried before: a driver in software may take too long for that.
    const tried = named.length > 0 ? undefined : await chooseDevice(device, { triesLayouts: true });
    console.log(tried?.message ?? `${device}:`);
    if (tried && tried.device !== device) continue;
    preferLayout(tried?.layout ?? 'NHWC');
    for (const network of networks) {
      for (const mode of ['training', 'inference'] as const) {
        missed += await compare(network, mode, {
          rounds,
          threads,
          clock: 'wall',
          pytorch,
          device,
          forms: ['eager', 'compiled'],
        });
      }
    }
  }
  pytorch?.close();
  return missed;
}

function hasCuda(python: string): boolean {
  return spawnSync(python, ['-c', 'import sys, torch; sys.exit(0 if torch.cuda.is_available() else 1)']).status === 0;
}
