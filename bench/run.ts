// Times training steps and forward passes against PyTorch's, eager and compiled, in one run, in turns, and prints the ratios of the medians.
// On a machine that is busy with other programs, `busy` compares the least processor's time with one thread on each side instead.
// Usage: npm run bench [-- rounds=N busy WORD …], where a word selects the networks whose names contain it; `data` selects the datasets, `outputs` the teacher's outputs;
// `npm run bench -- memory [WORD …]` measures the memory that training takes instead, `npm run bench -- precision [WORD …]` float16 against float32.
// `npm run bench -- gpu [DEVICE …] [tiny] [WORD …]` times the networks on GPUs, against PyTorch with CUDA.
// `npm run bench -- start [WORD …]` measures what a person waits for: a small run from the command to the report, `npm start`, `inspect`.
// `npm run bench -- gain [fixed] [seeds=N] [from=N] [tasks=N] [WORD …]` measures on real tasks what the defaults gain over the student alone; `fixed` also what each single objective does.
// `npm run bench -- search [functions|halving|at-once] [seeds=N]` measures the search (bench/searching/benchSearch.ts).
// `npm run bench -- editor` measures in a real VS Code how long the extension takes to activate and the panel to open.
// `npm run bench -- curves [points=N]` measures there how smoothly the curves of a run with a million points are looked at.
// The figures are appended to bench/history.jsonl.
import * as os from 'node:os';
import { limitThreads } from '../src/training/engines/session.ts';
import { benchCases } from './cases.ts';
import { compare } from './compare.ts';
import { benchCurves } from './curves.ts';
import { benchData } from './data.ts';
import { benchEditor } from './editor.ts';
import { benchGpu } from './gpu.ts';
import { benchGain } from './gain/benchGain.ts';
import { measureLimits } from './machineLimits.ts';
import { benchMemory } from './memory.ts';
import { benchPrecision } from './precision.ts';
import { benchSearch } from './searching/benchSearch.ts';
import { findPyTorch, PyTorch } from './pytorch.ts';
import { benchStart } from './start.ts';
import { benchTeacherOutputs } from './teacherOutputs.ts';

const python = findPyTorch();
if (python === undefined)
  console.log('PyTorch was not found (name a Python that has it in DISTILLERY_BENCH_PYTHON): no ratios follow.\n');
let missed = 0;

const given = process.argv.slice(2).map((word) => word.toLowerCase());
const rounds = Number(given.find((word) => /^rounds=\d+$/.test(word))?.slice('rounds='.length) ?? 5);
const isBusy = given.includes('busy');
const clock = isBusy ? 'processor' : 'wall';
const threads = isBusy ? 1 : os.availableParallelism();
const words = given.filter((word) => !/^rounds=\d+$/.test(word) && word !== 'busy');
const [first, ...others] = words;
if (first === 'memory') {
  benchMemory(others, python);
  process.exit();
}
if (first === 'precision') {
  await benchPrecision(others);
  process.exit();
}
if (first === 'gpu') {
  process.exit((await benchGpu(others, { rounds, threads, python })) > 0 ? 1 : 0);
}
if (first === 'start') {
  process.exit((await benchStart(others)) > 0 ? 1 : 0);
}
if (first === 'search') {
  process.exit((await benchSearch(others)) > 0 ? 1 : 0);
}
if (first === 'editor') {
  process.exit((await benchEditor()) > 0 ? 1 : 0);
}
if (first === 'curves') {
  process.exit((await benchCurves(others)) > 0 ? 1 : 0);
}
if (first === 'gain') {
  process.exit((await benchGain(others)) > 0 ? 1 : 0);
}
const selected = benchCases.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
if (selected.length > 0) {
  limitThreads(threads);
  const limits = await measureLimits(clock);
  const figure = (value: number): string => (value / 1e9).toFixed(0);
  console.log(
    `limits: a product ${figure(limits.product)} GFLOP/s, a convolution ${figure(limits.convolution)} GFLOP/s, memory ${figure(limits.bandwidth)} GB/s\n`,
  );
  const pytorch = python === undefined ? undefined : new PyTorch(python);
  for (const network of selected) {
    for (const mode of ['training', 'inference'] as const) {
      missed += await compare(network, mode, {
        rounds,
        threads,
        clock,
        pytorch,
        limits,
      });
    }
  }
  pytorch?.close();
}
if (words.length === 0 || words.includes('data')) missed += await benchData(python);
if (words.length === 0 || words.includes('outputs')) missed += await benchTeacherOutputs();
if (missed > 0) process.exitCode = 1;
