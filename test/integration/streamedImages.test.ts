import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { assertProblems, removeFolder, temporaryFolder } from '../support/datasets.ts';
import { writeImageFolder } from '../support/imageFolder.ts';
import { removeRuns, run } from '../support/runs.ts';
import { decodingThreads } from '../../src/data/formats/images/streaming/decodingWorkers.ts';
import { WorkerCount } from '../support/workers.ts';

describe('a run on images that are decoded when they are read', () => {
  let folder: string;
  let workers: WorkerCount;
  beforeEach(async () => {
    folder = temporaryFolder();
    workers = new WorkerCount();
    await writeImageFolder(folder, { perClass: 64, size: 8 });
  });
  afterEach(() => {
    workers.stop();
    removeFolder(folder);
    assert.equal(workers.alive, 0, 'threads are left');
  });
  after(() => {
    removeRuns();
  });

  /** Brought to this size the images are too many to be decoded at once. */
  const experiment = (changes: Partial<ExperimentInput> = {}): ExperimentInput => ({
    teacher: { architecture: 'mlp', hidden: [2], training: { epochs: 1 } },
    dataset: { path: folder, resize: [424, 424], normalization: 'imagenet' },
    student: { architecture: 'mlp', hidden: [2] },
    training: { epochs: 1, batchSize: 16 },
    baseline: false,
    device: 'cpu',
    ...changes,
  });
  const warnings = (events: readonly RunEvent[]): string[] =>
    events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));

  it('distils, names what is corrupt, and leaves no thread behind', async () => {
    writeFileSync(join(folder, 'a', '0005.png'), 'no image');
    const { events } = await run(experiment(), (event, controller) => {
      // The student is there.
      if (event.kind === 'phase' && event.phase === 'evaluation') controller.abort();
    });
    assert.match(warnings(events).join('\n'), /The image a.0005.png cannot be decoded: .*stands in for it/);
    // The teacher is trained on a dataset of its own.
    assert.equal(workers.started, 2 * decodingThreads);
  });

  it('leaves no thread behind when it is stopped, or fails because an image is gone', async () => {
    const alone = experiment({ teacher: null });
    const { result } = await run(alone, (event, controller) => {
      if (event.kind === 'step') controller.abort();
    });
    assert.equal(result.state, 'cancelled');
    const failed = run(alone, (event) => {
      if (event.kind === 'started') rmSync(join(folder, 'b', '0007.png'), { force: true });
    });
    await assertProblems(failed, [/The image b.0007.png cannot be decoded: there is no such file/]);
    assert.equal(workers.started, 2 * decodingThreads);
  });
});
