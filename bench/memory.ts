import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchCases } from './cases.ts';
import { pytorchMemory } from './pytorch.ts';

/** How many segments of the forward pass are computed again; 1 keeps everything. */
const SEGMENTS = [1, 2, 4, 8, 16];

/** By how much a process grew that trained a network. */
export interface TrainingMemory {
  readonly bytes: number;
}

/**
 * Measures by how much the peak of resident memory grows when a network is trained, in a process for each number of segments that are computed
 * again. Prints the figures, and appends them to bench/history.jsonl.
 *
 * @param words of which one must be part of a network's name; by default all are measured
 * @param python that has PyTorch, whose growth is measured beside, in a process that trains the same network for as many steps
 */
export function benchMemory(words: readonly string[], python: string | undefined): void {
  const program = fileURLToPath(new URL('trainingMemory.ts', import.meta.url));
  for (const network of benchCases) {
    const { name } = network;
    if (words.length > 0 && !words.some((word) => name.toLowerCase().includes(word))) continue;
    const figures = SEGMENTS.map((segments) => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--import', 'tsx', program, name, String(segments)],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      return { segments, ...(JSON.parse(stdout) as TrainingMemory) };
    });
    const texts = figures.map(({ segments, bytes }) => `${segments}: ${(bytes / 1e6).toFixed(0)} MB`);
    const pytorch = python === undefined ? null : pytorchMemory(python, network, 8);
    const beside = pytorch === null ? '' : `  PyTorch: ${(pytorch / 1e6).toFixed(0)} MB`;
    console.log(`${name.padEnd(40)} peak memory by segments  ${texts.join('  ')}${beside}`);
    const machine = { processor: os.cpus()[0]?.model ?? 'unknown', threads: os.availableParallelism() };
    const line = JSON.stringify({ date: new Date().toISOString(), mode: 'memory', name, figures, pytorch, machine });
    appendFileSync(new URL('history.jsonl', import.meta.url), `${line}\n`);
  }
}
