import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DistilleryError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { writeSmallTable } from '../support/smallTable.ts';

describe('a run whose student was trained', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    writeSmallTable(folder);
  });
  after(() => {
    removeFolder(folder);
  });

  it('gets its report without the baseline, the seed and the fold whose trainings diverge, and tells of each', async () => {
    const reason = "Training diverged: the loss 'labels' is NaN at step 1.";
    const warnings: string[] = [];
    const failed = new Set<string>();
    const watch = (event: RunEvent): void => {
      if (event.kind === 'warning') warnings.push(event.problem.message);
      const part =
        event.kind === 'step' && event.network === 'baseline' ? 'baseline' : event.kind === 'progress' && event.phase;
      // Each once: what comes after it is trained.
      if (part === false || !['baseline', 'repeats', 'folds'].includes(part) || failed.has(part)) return;
      failed.add(part);
      throw new DistilleryError('DIVERGED', reason);
    };
    const { state, report } = await runExperiment(
      {
        teacher: { architecture: 'mlp', hidden: [8], training: { epochs: 2 } },
        dataset: { path: 'small.csv' },
        student: { architecture: 'mlp', hidden: [4] },
        objective: [{ loss: 'kd' }, { loss: 'labels' }],
        training: { epochs: 2, batchSize: 10, learningRate: 0.01 },
        repeats: 3,
        folds: 2,
        report: { attentionSamples: 0 },
        device: 'cpu',
      },
      { folder: join(folder, 'run'), baseDirectory: folder, signal: new AbortController().signal, onEvent: watch },
    );
    assert.equal(state, 'finished');
    assert.equal(report.baseline, null);
    assert.deepEqual(
      report.seeds.map(({ seed }) => seed),
      [0, 2],
    );
    assert.deepEqual(
      report.folds?.results.map(({ fold }) => fold),
      [2],
    );
    assert.deepEqual(
      warnings.filter((message) => message.includes('diverged')),
      [
        `The student without the teacher is left out: ${reason}`,
        `Seed 1 is left out: ${reason}`,
        `Part 1 of 2 cannot be judged on: ${reason}`,
      ],
    );
  });
});
