/**
 * What parts of a search, a labelling and a training in rounds cost that grow with workers and samples, for docs/scale.md:
 * `node --import tsx bench/scale.ts`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floatTensor } from '../src/onnx/tensor.ts';
import { RunLease } from '../src/runFolder/runLease.ts';
import { decideJob } from '../src/search/decideJob.ts';
import type { Job } from '../src/search/jobs.ts';
import { resultOf } from '../src/search/searchResult.ts';
import { SearchJournal } from '../src/search/searchJournal.ts';
import { tpeStrategy } from '../src/search/strategies/tpe.ts';
import { renderSearch } from '../src/search/page/renderSearch.ts';
import { MeanOfWorkers, outerStep } from '../src/training/rounds/outerStep.ts';
import { RoundFiles } from '../src/training/rounds/roundFiles.ts';
import { numberBetween } from '../test/support/searchFunctions.ts';

const space = [numberBetween('x', 0, 1), numberBetween('y', 0, 1), numberBetween('z', 0, 1)];
const aims = [{ name: 'accuracy', direction: 'maximize' }] as const;
const folder = mkdtempSync(join(tmpdir(), 'distillery-scale-'));

async function timed<Result>(what: string, work: () => Promise<Result> | Result): Promise<Result> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${what}: ${(performance.now() - startedAt).toFixed(1)} ms, ${((user + system) / 1000).toFixed(1)} ms of processor time`,
  );
  return result;
}

function jobOf(number: number): Job {
  const epochs = Array.from({ length: 30 }, (_, index) => ({
    epoch: index + 1,
    accuracy: 0.9 + index / 1000,
    loss: 0.3,
    best: true,
  }));
  const figures = { parameters: 50_000, macs: 50_000, bytes: 200_000, latencyMs: 0.1 };
  const at = new Date(0).toISOString();
  const point = { x: (number * 0.618) % 1, y: (number * 0.414) % 1, z: (number * 0.732) % 1 };
  return {
    number,
    trial: number,
    isFirst: true,
    point,
    epochs: null,
    beganAt: at,
    end: { result: { state: 'finished', epochs, figures }, at, seconds: 60 },
  };
}

async function search(count: number): Promise<void> {
  const own = join(folder, `search-${count}`);
  mkdirSync(own);
  const jobs = Array.from({ length: count }, (_, number) => jobOf(number));
  const lines = [
    { kind: 'search', version: 1, experiment: 'x', atOnce: 1 },
    ...jobs.flatMap(({ end, ...job }) => [
      { kind: 'begin', job },
      { kind: 'end', job: job.number, end },
    ]),
  ];
  writeFileSync(join(own, 'journal.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  console.log(`\n${count} trials of 30 epochs: journal of ${statSync(join(own, 'journal.jsonl')).size} bytes`);
  await timed('the folder taken and given back', () => {
    RunLease.take(own).release();
  });
  const journal = await timed('the journal read', () => SearchJournal.open(own, { experiment: 'x', atOnce: 1 }));
  const rule = { space, aims, propose: tpeStrategy(space), trials: 1e6, seed: 1 };
  const decided = await timed('the next job decided (TPE)', () => decideJob(journal.jobs, count, rule));
  await timed('a line written', () => (decided.job ? journal.begin(decided.job) : undefined));
  await journal.close();
  const facts = { name: 'x', strategy: 'tpe', space, aims, limits: {}, mostTrials: count, atOnce: 1 } as const;
  const result = await timed('search.json made', () => resultOf(facts, jobs, null));
  await timed('search.html made', () => renderSearch(result));
}

async function rounds(parameters: number, workers: number): Promise<void> {
  console.log(`\n${parameters} parameters, ${workers} workers`);
  const vector = () => floatTensor(new Float32Array(parameters).fill(0.5));
  const state = new Map([
    ['parameters', vector()],
    ['m:parameters', vector()],
    ['v:parameters', vector()],
  ]);
  const files = new RoundFiles(join(folder, `rounds-${parameters}`));
  const checkpoint = {
    epoch: 1,
    batchesDone: 0,
    batchesPerEpoch: 1,
    step: 1,
    seconds: 1,
    order: { words: [1, 2, 3, 4] as const },
    losses: { sums: {}, count: 0 },
    best: undefined,
    state,
  };
  await timed("a worker's file written", () => files.writeWorker(0, { checkpoint, samples: 1 }));
  console.log(`a worker's file: ${statSync(join(folder, `rounds-${parameters}`, 'worker-0.safetensors')).size} bytes`);
  await timed("a worker's file read", () => files.readWorker(0));
  const begin = { vectors: new Map([['parameters', vector()]]), momentum: new Map() };
  await timed('the outer step', () => {
    const mean = new MeanOfWorkers();
    for (let worker = 0; worker < workers; worker++)
      mean.add(new Map([['parameters', state.get('parameters') ?? vector()]]), 1);
    return outerStep(begin, mean, { learningRate: 0.7, momentum: 0.9, moved: new Set(['parameters']) });
  });
}

try {
  for (const count of [100, 1000, 10_000]) await search(count);
  await rounds(100_000, 100);
  await rounds(10_000_000, 10);
  const bytes = readFileSync(process.execPath);
  await timed(`\nSHA-256 of ${bytes.length} bytes`, () => createHash('sha256').update(bytes).digest('hex'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
