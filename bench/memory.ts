import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Architecture } from '../src/students/buildStudent.ts';
import { benchCases, type BenchCase } from './cases.ts';
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
 * @param words of which one must be part of a network's name; by default all are measured. `growth` measures one network in other sizes instead
 * @param python that has PyTorch, whose growth is measured beside, in a process that trains the same network for as many steps
 */
export function benchMemory(words: readonly string[], python: string | undefined): void {
  if (words[0] === 'growth') {
    for (const network of growthCases)
      console.log(`${network.name.padEnd(40)} ${inMegabytes(measureGrowth(network, 1))}`);
    return;
  }
  for (const network of benchCases) {
    const { name } = network;
    if (words.length > 0 && !words.some((word) => name.toLowerCase().includes(word))) continue;
    const figures = SEGMENTS.map((segments) => ({ segments, bytes: measureGrowth(network, segments) }));
    const texts = figures.map(({ segments, bytes }) => `${segments}: ${inMegabytes(bytes)}`);
    const pytorch = python === undefined ? null : pytorchMemory(python, network, 8);
    const beside = pytorch === null ? '' : `  PyTorch: ${inMegabytes(pytorch)}`;
    console.log(`${name.padEnd(40)} peak memory by segments  ${texts.join('  ')}${beside}`);
    const machine = { processor: os.cpus()[0]?.model ?? 'unknown', threads: os.availableParallelism() };
    const line = JSON.stringify({ date: new Date().toISOString(), mode: 'memory', name, figures, pytorch, machine });
    appendFileSync(new URL('history.jsonl', import.meta.url), `${line}\n`);
  }
}

type Depth = (Architecture & { readonly architecture: 'resnet' })['depth'];

function resnet(depth: Depth, width: number, batch: number): BenchCase {
  const name = `ResNet-${depth}, width ${width}, batch ${batch}`;
  return { name, architecture: { architecture: 'resnet', depth, width }, input: [3, 32, 32], batch };
}

/** One network with another batch, depth or width. */
const growthCases: readonly BenchCase[] = [
  ...[16, 32, 64, 128, 256].map((batch) => resnet(20, 1, batch)),
  ...([32, 44, 56] as const).map((depth) => resnet(depth, 1, 128)),
  ...[2, 3].map((width) => resnet(20, width, 128)),
];

/** By how many bytes the peak of a process grows that trains a network. */
function measureGrowth(network: BenchCase, segments: number): number {
  const program = fileURLToPath(new URL('trainingMemory.ts', import.meta.url));
  const parameters = ['--import', 'tsx', program, JSON.stringify(network), String(segments)];
  const { stdout, stderr, status } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as TrainingMemory).bytes;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
