// Measures what teaching by outputs is worth where two sites have disjoint classes: MNIST's training images in three parts, the digits 0 to 4 and
// 5 to 9 of two thirds at two sites, all of the last third public and without labels. The gain is counted from the same student trained on the samples of one site, which knows
// half of the digits, to one that a teacher of all sites' samples in one place teaches on the same public images.
// Usage: node --import tsx bench/sites.ts [seeds=N] [WEIGHTING …]
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ExperimentInput } from '../src/experiment/schema.ts';
import { randomStream } from '../src/data/random.ts';
import { runExperiment, type RunOptions } from '../src/run/runExperiment.ts';
import { readReport } from '../src/runFolder/readRun.ts';

const BAR = 0.9;
const weightings = ['familiarity', 'confidence', 'class-counts', 'mean'] as const;
const mnist = fileURLToPath(new URL('../../shared/data/mnist', import.meta.url));
const given = process.argv.slice(2);
const seeds = Number(given.find((word) => word.startsWith('seeds='))?.slice('seeds='.length) ?? 3);
const asked = weightings.filter((name) => !given.some((word) => !word.includes('=')) || given.includes(name));
const training = { epochs: 10, batchSize: 64, learningRate: 0.001 } as const;

const unzipped = async (name: string): Promise<Buffer> => gunzipSync(await readFile(join(mnist, `${name}.gz`)));
const images = (await unzipped('train-images-idx3-ubyte')).subarray(16);
const labels = (await unzipped('train-labels-idx1-ubyte')).subarray(8);
const testImages = (await unzipped('t10k-images-idx3-ubyte')).subarray(16);
const testLabels = (await unzipped('t10k-labels-idx1-ubyte')).subarray(8);
const shareOfLow = testLabels.filter((label) => label < 5).length / testLabels.length;

const parent = await mkdtemp(join(tmpdir(), 'distillery-bench-sites-'));
let missed = 0;
try {
  const gains = new Map<string, number[]>();
  for (let seed = 0; seed < seeds; seed++) await measure(seed, gains);
  for (const [name, values] of gains) {
    const sorted = values.toSorted((a, b) => a - b);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const isBar = name === 'familiarity' && mean < BAR;
    if (isBar) missed++;
    console.log(
      `${name.padEnd(14)} mean ${percent(mean)} of the gain (${percent(sorted[0])} to ${percent(sorted.at(-1))})${isBar ? '  MISSED' : ''}`,
    );
  }
} finally {
  await rm(parent, { recursive: true, force: true, maxRetries: 3 });
}
process.exit(missed);

async function measure(seed: number, gains: Map<string, number[]>): Promise<void> {
  const order = Int32Array.from({ length: labels.length }, (_, index) => index);
  randomStream(seed, 'parts').shuffle(order);
  const [sites, shared] = [order.subarray(0, 40_000), order.subarray(40_000)];
  const folder = (name: string): string => join(parent, `${name}-${seed}`);
  await writePart(folder('low'), sites, (label) => label < 5);
  await writePart(folder('pooled'), sites);
  await writePart(folder('public'), shared);
  // Labels of IDX files count from 0, so that the digits from 5 on cannot stand alone in one.
  const site = (lacks: string, hidden: number) => ({
    dataset: { path: folder('pooled'), exclude: Array.from(lacks) },
    teacher: { architecture: 'mlp' as const, hidden: [hidden], training },
  });
  const taughtBy = (teacher: ExperimentInput['teacher']): ExperimentInput => ({
    teacher,
    dataset: { path: folder('public') },
    student: { architecture: 'mlp', hidden: [64] },
    objective: [{ loss: 'kd', temperature: 1, weight: 1 }],
    training: { ...training, seed },
    baseline: false,
    report: { attentionSamples: 0 },
    device: 'cpu',
  });
  const bySites = (weighting: (typeof weightings)[number]) =>
    taughtBy({ sites: [site('56789', 256), site('01234', 200)], weighting });
  const run = async (name: string, experiment: ExperimentInput, more: Partial<RunOptions> = {}): Promise<number> => {
    const at = folder(name);
    const signal = new AbortController().signal;
    await runExperiment(experiment, { folder: at, baseDirectory: parent, signal, onEvent: () => undefined, ...more });
    if (more.shared?.part) return NaN;
    const report = await readReport(at);
    const { sites: told } = report;
    const teacher = told ? `, the sites together ${percent(told.test.accuracy ?? NaN)}` : '';
    console.log(`seed ${seed}  ${name.padEnd(14)} student ${percent(report.student.test.accuracy ?? NaN)}${teacher}`);
    return report.student.test.accuracy ?? NaN;
  };
  const elsewhere = { shared: { folder: folder('outputs') } };
  for (const number of [0, 1]) {
    const part = { kind: 'site', site: number } as const;
    await run(`site-${number}`, bySites('familiarity'), { shared: { ...elsewhere.shared, part } });
  }
  const pooled = await run('pooled', taughtBy({ model: join(await trained('pooled', [256], seed), 'student.onnx') }));
  const { student: low } = await readReport(await trained('low', [64], seed));
  const alone = (low.test.accuracy ?? NaN) * shareOfLow;
  console.log(`seed ${seed}  ${'one site alone'.padEnd(14)} student ${percent(alone)}`);
  for (const weighting of asked) {
    const together = await run(weighting, bySites(weighting), elsewhere);
    const gain = (together - alone) / (pooled - alone);
    gains.set(weighting, [...(gains.get(weighting) ?? []), gain]);
  }
}

/** The run folder of a network that was trained on the labels of a part. */
async function trained(part: string, hidden: number[], seed: number): Promise<string> {
  const at = join(parent, `trained-${part}-${seed}`);
  const experiment: ExperimentInput = {
    teacher: null,
    dataset: { path: join(parent, `${part}-${seed}`) },
    student: { architecture: 'mlp', hidden },
    objective: [{ loss: 'labels' }],
    training: { ...training, seed },
    device: 'cpu',
  };
  const signal = new AbortController().signal;
  await runExperiment(experiment, { folder: at, baseDirectory: parent, signal, onEvent: () => undefined });
  return at;
}

/** A folder of IDX files with some of the training images, and the test images of the same digits. */
async function writePart(folder: string, chosen: Int32Array, isHad = (_label: number): boolean => true): Promise<void> {
  await mkdir(folder, { recursive: true });
  const parts = [
    { name: 'train', pixels: images, digits: labels, indices: [...chosen] },
    { name: 't10k', pixels: testImages, digits: testLabels, indices: [...testLabels.keys()] },
  ];
  for (const { name, pixels, digits, indices } of parts) {
    const had = indices.filter((index) => isHad(digits[index] ?? 0));
    const all = Buffer.concat(had.map((index) => pixels.subarray(index * 784, (index + 1) * 784)));
    const files = {
      [`${name}-images-idx3-ubyte`]: idx([had.length, 28, 28], all),
      [`${name}-labels-idx1-ubyte`]: idx([had.length], Buffer.from(had.map((index) => digits[index] ?? 0))),
    };
    for (const [file, bytes] of Object.entries(files)) {
      await writeFile(join(folder, `${file}.gz`), gzipSync(bytes, { level: 1 }));
    }
  }
}

/** A file in the IDX format. */
function idx(dimensions: readonly number[], values: Buffer): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt32BE(0x0800 + dimensions.length, 0);
  dimensions.forEach((dimension, axis) => header.writeUInt32BE(dimension, 4 + 4 * axis));
  return Buffer.concat([header, values]);
}

function percent(share: number | undefined): string {
  return `${(100 * (share ?? NaN)).toFixed(2)} %`;
}
