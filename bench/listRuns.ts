/**
 * How long the explorer's list of 10,000 runs takes: the first time, and from the index, median of five, with arranging. The time of the
 * processor is told as well, which a busy machine changes less.
 * `node --import tsx bench/listRuns.ts [RUNS]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunListing } from '../src/launching/runListing.ts';
import { arrangeRuns } from '../src/extension/views/arrangeRuns.ts';
import { storeRun } from '../test/support/storedRuns.ts';

const count = Number(process.argv[2] ?? 10_000);
const experiment = { name: 'x', teacher: { model: 'teacher.onnx' }, student: { architecture: 'mlp', hidden: [16] } };
const directory = mkdtempSync(join(tmpdir(), 'distillery-runs-'));
try {
  for (let run = 0; run < count; run++) {
    const id = `2026-01-01T00-00-00-run-${run}`;
    const figures = { accuracy: run / count, teacherAccuracy: 0.99, sizeRatio: 4, device: 'cpu' } as const;
    storeRun(
      join(directory, id),
      { id, name: `experiment ${run % 20}`, ...figures },
      { 'experiment.json': experiment },
    );
  }
  const cold = await timed(list);
  const listing = new RunListing(directory);
  await listing.list();
  const checking = await timed(() => listing.check());
  const warm: number[] = [];
  for (let round = 0; round < 5; round++) warm.push(await timed(list));
  const [, , median = NaN] = warm.sort((one, other) => one - other);
  const before = process.cpuUsage();
  await list();
  const { user, system } = process.cpuUsage(before);
  const written = [cold, median, checking, (user + system) / 1000].map(
    (milliseconds) => `${Math.round(milliseconds)} ms`,
  );
  console.log(
    `${count} runs: first ${written[0]}, from the index ${written[1]} (processor ${written[3]}), check in the background ${written[2]}`,
  );
} finally {
  rmSync(directory, { recursive: true });
}

async function list(): Promise<void> {
  const runs = await new RunListing(directory).list();
  arrangeRuns(runs, { sorting: 'ratio', grouping: 'experiment', search: '' });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
