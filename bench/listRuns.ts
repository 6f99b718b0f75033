/**
 * How long the explorer's list of 10,000 runs takes: the first time, of runs as they are written now and as older versions wrote them, and from
 * the index, median of five, with arranging. The time of the processor is told as well, which a busy machine changes less.
 * `node --import tsx bench/listRuns.ts [RUNS]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunListing } from '../src/launching/runListing.ts';
import { arrangeRuns } from '../src/extension/views/arrangeRuns.ts';
import { namedModels } from '../src/runFolder/namedModels.ts';
import { storeRun } from '../test/support/storedRuns.ts';

const count = Number(process.argv[2] ?? 10_000);
const experiment = { name: 'x', teacher: { model: 'teacher.onnx' }, student: { architecture: 'mlp', hidden: [16] } };

const [old, now] = [stored({}), stored({ models: namedModels(experiment) })];
try {
  const older = await timed(() => list(old));
  const cold = await timed(() => list(now));
  const listing = new RunListing(now);
  await listing.list();
  const checking = await timed(() => listing.check());
  const warm: Time[] = [];
  for (let round = 0; round < 5; round++) warm.push(await timed(() => list(now)));
  const [, , median] = warm.sort((one, other) => one.milliseconds - other.milliseconds);
  console.log(
    `${count} runs: first ${written(cold)}, of older versions ${written(older)}, from the index ${written(median)}, ` +
      `check in the background ${written(checking)}`,
  );
} finally {
  for (const directory of [old, now]) rmSync(directory, { recursive: true });
}

function stored(status: { readonly models?: readonly string[] }): string {
  const directory = mkdtempSync(join(tmpdir(), 'distillery-runs-'));
  for (let run = 0; run < count; run++) {
    const id = `2026-01-01T00-00-00-run-${run}`;
    const figures = { accuracy: run / count, teacherAccuracy: 0.99, sizeRatio: 4, device: 'cpu' } as const;
    storeRun(
      join(directory, id),
      { id, name: `experiment ${run % 20}`, ...figures, ...status },
      { 'experiment.json': experiment },
    );
  }
  return directory;
}

async function list(directory: string): Promise<void> {
  const runs = await new RunListing(directory).list();
  arrangeRuns(runs, { sorting: 'ratio', grouping: 'experiment', search: '' });
}

interface Time {
  readonly milliseconds: number;
  readonly processor: number;
}

async function timed(work: () => Promise<unknown>): Promise<Time> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: performance.now() - start, processor: (user + system) / 1000 };
}

function written(time: Time | undefined): string {
  return time === undefined ? '–' : `${Math.round(time.milliseconds)} ms (processor ${Math.round(time.processor)})`;
}
