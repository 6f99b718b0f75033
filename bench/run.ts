// Times a training step of Distillery against PyTorch's in one run, in turns, and prints the ratio of the medians.
// Usage: npm run bench [-- NAME …]   The figures are appended to bench/history.jsonl.
import { appendFileSync } from 'node:fs';
import * as os from 'node:os';
import { env } from 'onnxruntime-node';
import { randomStream } from '../src/data/random.ts';
import { buildStudent } from '../src/students/buildStudent.ts';
import { OnnxRuntimeStep } from '../src/training/engines/onnxruntimeStep.ts';
import { adam } from '../src/training/optimizers/adam.ts';
import { describeState } from '../src/training/parameters.ts';
import { buildTrainingStep } from '../src/training/trainingStep.ts';
import { findPyTorch, PyTorch, type BenchCase } from './pytorch.ts';

const ROUNDS = 7;
const STEPS = 12;
const WARM_UP = 3;

/** What is timed, and the ratio (our time over PyTorch's) that must not be exceeded. */
const cases: Readonly<Record<string, BenchCase & { readonly bar: number }>> = {
  'MLP 784-512-512-10, batch 64': {
    network: 'mlp',
    input: [784],
    channels: [],
    hidden: [512, 512],
    classes: 10,
    batch: 64,
    bar: 0.7,
  },
  'MLP 784-1200-1200-10, batch 256': {
    network: 'mlp',
    input: [784],
    channels: [],
    hidden: [1200, 1200],
    classes: 10,
    batch: 256,
    bar: 0.7,
  },
  'convnet 16-32 on 1×28×28, batch 128': {
    network: 'convnet',
    input: [1, 28, 28],
    channels: [16, 32],
    hidden: [],
    classes: 10,
    batch: 128,
    bar: 1.3,
  },
  'convnet 32-64-128 on 3×32×32, batch 128': {
    network: 'convnet',
    input: [3, 32, 32],
    channels: [32, 64, 128],
    hidden: [],
    classes: 10,
    batch: 128,
    bar: 1.3,
  },
};

async function openStep(
  network: BenchCase,
): Promise<{ run: (steps: number) => Promise<number[]>; dispose: () => Promise<void> }> {
  const random = randomStream(0, 'bench');
  const architecture =
    network.network === 'mlp'
      ? ({ architecture: 'mlp', hidden: network.hidden } as const)
      : ({
          architecture: 'convnet',
          channels: network.channels,
          hidden: network.hidden,
          batchNormalization: true,
        } as const);
  const student = buildStudent(architecture, network.input, network.classes, random);
  const step = buildTrainingStep({
    student,
    state: describeState(student),
    objective: [
      { loss: 'kd', temperature: 4, weight: 0.9 },
      { loss: 'labels', weight: 0.1 },
    ],
    optimizer: adam,
    weightDecay: 0,
    batchSize: network.batch,
    sampleShape: network.input,
    classes: network.classes,
  });
  const runtime = await OnnxRuntimeStep.create(step, 'cpu');
  const sampleLength = network.input.reduce((product, dimension) => product * dimension, 1);
  const samples = Float32Array.from({ length: network.batch * sampleLength }, () => random.uniform());
  const teacher = Float32Array.from({ length: network.batch * network.classes }, () => random.normal());
  const labels = new Float32Array(network.batch * network.classes);
  for (let row = 0; row < network.batch; row++) labels[row * network.classes + random.integer(network.classes)] = 1;
  let number = 0;
  return {
    async run(steps) {
      const times: number[] = [];
      for (let count = 0; count < steps; count++) {
        const start = performance.now();
        await runtime.run({
          batch: { samples, labels, teacher },
          scalars: adam.scalarsAt({ learningRate: 1e-3, step: ++number }),
        });
        await runtime.losses();
        times.push(performance.now() - start);
      }
      return times;
    },
    dispose: () => runtime.dispose(),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const python = findPyTorch();
if (python === undefined)
  console.log("PyTorch was not found (Debian's package python3-torch): only Distillery's own times follow.\n");
const pytorch = python === undefined ? undefined : new PyTorch(python);
const threads = os.availableParallelism();
const wanted = process.argv.slice(2);
let missed = 0;
for (const [name, network] of Object.entries(cases)) {
  if (wanted.length > 0 && !wanted.some((word) => name.toLowerCase().includes(word.toLowerCase()))) continue;
  const ours = await openStep(network);
  await ours.run(WARM_UP);
  const rounds: { ours: number; theirs: number }[] = [];
  let version: string | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const own = median(await ours.run(STEPS));
    const answer = await pytorch?.measure(network, STEPS + WARM_UP, threads);
    version = answer?.version;
    rounds.push({ ours: own, theirs: answer ? median(answer.milliseconds.slice(WARM_UP)) : NaN });
  }
  await ours.dispose();
  const ratio = median(rounds.map((round) => round.ours / round.theirs));
  const result = {
    name,
    milliseconds: median(rounds.map((round) => round.ours)),
    pytorchMilliseconds: version === undefined ? null : median(rounds.map((round) => round.theirs)),
    ratio: version === undefined ? null : ratio,
    bar: network.bar,
  };
  if (result.ratio !== null && result.ratio > network.bar) missed++;
  const verdict =
    result.ratio === null
      ? ''
      : `  PyTorch ${result.pytorchMilliseconds?.toFixed(2)} ms  ratio ${ratio.toFixed(2)} (bar ${network.bar})${ratio > network.bar ? '  MISSED' : ''}`;
  console.log(`${name.padEnd(44)} ${result.milliseconds.toFixed(2)} ms${verdict}`);
  const machine = {
    processor: os.cpus()[0]?.model ?? 'unknown',
    threads,
    onnxruntime: env.versions.node,
    pytorch: version ?? null,
  };
  appendFileSync(
    new URL('history.jsonl', import.meta.url),
    `${JSON.stringify({ date: new Date().toISOString(), ...result, ...machine })}\n`,
  );
}
pytorch?.close();
if (missed > 0) process.exitCode = 1;
