// Times training steps and forward passes against PyTorch's in one run, in turns, and prints the ratios of the medians.
// Usage: npm run bench [-- WORD …], where a word selects the networks whose names contain it; `data` selects the datasets, `outputs` the teacher's outputs;
// `npm run bench -- memory [WORD …]` measures the memory that training takes instead, `npm run bench -- precision [WORD …]` float16 against float32.
// `npm run bench -- gain [seeds=N] [tasks=N] [WORD …]` measures on real tasks what the defaults gain over the student alone.
// `npm run bench -- search [functions|halving|at-once] [seeds=N]` measures the search (bench/searching/benchSearch.ts).
// `npm run bench -- editor` measures in a real VS Code how long the extension takes to activate and the panel to open.
// The figures are appended to bench/history.jsonl.
import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { setTimeout as rest } from 'node:timers/promises';
import { env } from '../src/platform/onnxRuntime.ts';
import { benchCases, type BenchCase } from './cases.ts';
import { benchData } from './data.ts';
import { benchEditor } from './editor.ts';
import { benchGain } from './gain/benchGain.ts';
import { benchMemory } from './memory.ts';
import { openInference, openTraining } from './ours.ts';
import { benchPrecision } from './precision.ts';
import { benchSearch } from './searching/benchSearch.ts';
import { findPyTorch, PyTorch } from './pytorch.ts';
import { benchTeacherOutputs } from './teacherOutputs.ts';

const ROUNDS = 5;
const STEPS = 8;
const WARM_UP = 2;
/** Threads that have worked wait for more work awake for a while, OpenBLAS's for tens of milliseconds, and would disturb the other side. */
const REST_MILLISECONDS = 200;

const threads = os.availableParallelism();
const python = findPyTorch();
if (python === undefined) console.log("PyTorch was not found (Debian's package python3-torch): no ratios follow.\n");
const pytorch = python === undefined ? undefined : new PyTorch(python);
let missed = 0;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function compare(network: BenchCase, mode: 'training' | 'inference', bar: number): Promise<void> {
  const ours = await (mode === 'training' ? openTraining : openInference)(network);
  const rounds: { readonly ours: number; readonly theirs: number }[] = [];
  let version: string | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    await rest(REST_MILLISECONDS);
    while (times.length < STEPS + WARM_UP) {
      const start = performance.now();
      const steps = await ours.run();
      const each = (performance.now() - start) / steps;
      for (let step = 0; step < steps; step++) times.push(each);
    }
    await rest(REST_MILLISECONDS);
    const theirs = await pytorch?.measure(network, mode, STEPS + WARM_UP, threads);
    if (theirs && theirs.parameters !== ours.parameters) {
      console.log(`  not the same network: ${ours.parameters} parameters here, ${theirs.parameters} in PyTorch`);
    }
    version = theirs?.version ?? null;
    rounds.push({ ours: median(times.slice(WARM_UP)), theirs: median(theirs?.milliseconds.slice(WARM_UP) ?? []) });
  }
  await ours.dispose();

  const milliseconds = median(rounds.map((round) => round.ours));
  const theirs = median(rounds.map((round) => round.theirs));
  const ratio = median(rounds.map((round) => round.ours / round.theirs));
  const isMissed = version !== null && ratio > bar;
  if (isMissed) missed++;
  const comparison =
    version === null ? '' : `PyTorch ${theirs.toFixed(2).padStart(8)} ms  ratio ${ratio.toFixed(2)} (bar ${bar})`;
  console.log(
    `${network.name.padEnd(40)} ${mode.padEnd(9)} ${milliseconds.toFixed(2).padStart(8)} ms  ${comparison}${isMissed ? '  MISSED' : ''}`,
  );
  const result = {
    date: new Date().toISOString(),
    name: network.name,
    mode,
    milliseconds,
    pytorchMilliseconds: version === null ? null : theirs,
    ratio: version === null ? null : ratio,
    bar,
    machine: { processor: os.cpus()[0]?.model ?? 'unknown', threads, load: os.loadavg()[0] ?? 0 },
    onnxruntime: env.versions.node ?? env.versions.common,
    pytorch: version,
  };
  appendFileSync(new URL('history.jsonl', import.meta.url), `${JSON.stringify(result)}\n`);
}

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const [first, ...others] = words;
if (first === 'memory') {
  pytorch?.close();
  benchMemory(others);
  process.exit();
}
if (first === 'precision') {
  pytorch?.close();
  await benchPrecision(others);
  process.exit();
}
if (first === 'search') {
  pytorch?.close();
  process.exit((await benchSearch(others)) > 0 ? 1 : 0);
}
if (first === 'editor') {
  pytorch?.close();
  process.exit((await benchEditor()) > 0 ? 1 : 0);
}
if (first === 'gain') {
  pytorch?.close();
  process.exit((await benchGain(others)) > 0 ? 1 : 0);
}
for (const network of benchCases) {
  if (words.length > 0 && !words.some((word) => network.name.toLowerCase().includes(word))) continue;
  await compare(network, 'training', network.trainingBar);
  await compare(network, 'inference', network.inferenceBar);
}
pytorch?.close();
if (words.length === 0 || words.includes('data')) missed += await benchData(python);
if (words.length === 0 || words.includes('outputs')) missed += await benchTeacherOutputs();
if (missed > 0) process.exitCode = 1;
