import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { SMALL_TABLE_ROWS, writeSmallTable } from '../support/smallTable.ts';

describe('folds', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    writeSmallTable(folder);
  });
  after(() => {
    removeFolder(folder);
  });

  const experiment = {
    teacher: { architecture: 'mlp', hidden: [16], training: { epochs: 3 } },
    dataset: { path: 'small.csv' },
    student: { architecture: 'mlp', hidden: [4] },
    objective: [
      { loss: 'kd', temperature: 2, weight: 0.5 },
      { loss: 'labels', weight: 0.5 },
    ],
    training: { epochs: 3, batchSize: 10, learningRate: 0.01 },
    folds: 3,
    device: 'cpu',
  } as const satisfies ExperimentInput;

  it('judge on every row once, with a teacher of their own, and go on after a stop as if there had been none', async () => {
    const options = (name: string, watch: (event: RunEvent) => void, controller = new AbortController()) => ({
      folder: join(folder, name),
      baseDirectory: folder,
      signal: controller.signal,
      onEvent: watch,
    });
    const events: RunEvent[] = [];
    const whole = await runExperiment(
      experiment,
      options('whole', (event) => events.push(event)),
    );
    const folds = whole.report?.folds;
    assert.ok(folds?.gain);
    assert.deepEqual(
      folds.results.map(({ fold }) => fold),
      [1, 2, 3],
    );
    assert.equal(
      folds.results.reduce((sum, { test }) => sum + test, 0),
      SMALL_TABLE_ROWS,
    );
    assert.equal(folds.isTeacherTrained, true);
    assert.ok(
      folds.results.every(({ student, baseline, teacher }) => student.accuracy !== null && baseline && teacher),
    );
    const gains = folds.results.map(({ student, baseline }) => (student.accuracy ?? NaN) - (baseline?.accuracy ?? NaN));
    assert.ok(Math.abs(folds.gain.value - gains.reduce((sum, gain) => sum + gain, 0) / 3) < 1e-12);
    assert.equal(existsSync(join(folder, 'whole', 'repeats')), false, 'their networks are not kept');
    const phases = events.flatMap((event) =>
      event.kind === 'phase' && event.phase === 'folds' ? [event.message] : [],
    );
    assert.deepEqual(phases, ['Judges on part 1 of 3', 'Judges on part 2 of 3', 'Judges on part 3 of 3']);

    const controller = new AbortController();
    const stopped = await runExperiment(
      experiment,
      options(
        'stopped',
        (event) => {
          // In the middle of the second fold: each has three trainings.
          if (event.kind === 'progress' && event.phase === 'folds' && event.done > 4.3) controller.abort();
        },
        controller,
      ),
    );
    assert.equal(stopped.state, 'cancelled');
    const again: RunEvent[] = [];
    const resumed = await resumeRun(options('stopped', (event) => again.push(event)));
    assert.deepEqual(resumed.report?.folds, folds);
    const progress = again.flatMap((event) =>
      event.kind === 'progress' && event.phase === 'folds' ? [event.done] : [],
    );
    assert.ok((progress[0] ?? 0) > 4, 'what was trained was not trained again');
  });
});
