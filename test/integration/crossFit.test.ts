import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { isTaughtKept } from '../../src/run/stages/trials/decide.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { writeSmallTable } from '../support/smallTable.ts';

/** What is left to learn from when a fifth was set aside for the test. */
const LEARNED = 72;

describe('a run whose validation split is too small to tell anything', () => {
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
    training: { epochs: 3, batchSize: 10, learningRate: 0.01 },
    report: { attentionSamples: 0 },
    device: 'cpu',
  } as const satisfies ExperimentInput;
  const options = (name: string, watch: (event: RunEvent) => void, controller = new AbortController()) => ({
    folder: join(folder, name),
    baseDirectory: folder,
    signal: controller.signal,
    onEvent: watch,
  });

  it('tries no objectives on it, and decides by samples that networks had not seen, once', async () => {
    const events: RunEvent[] = [];
    const { report } = await runExperiment(
      experiment,
      options('whole', (event) => events.push(event)),
    );
    const { choice, student, baseline } = report ?? {};
    assert.ok(choice?.crossFitted && student && baseline);
    assert.deepEqual([choice.trials, choice.crossFitted.samples], [[], LEARNED]);
    const { taught, teacher } = choice.crossFitted;
    const isKept = isTaughtKept(taught, teacher, false);
    assert.equal(choice.reason, isKept ? 'too-few-samples' : 'taught-no-better');
    if (!isKept) assert.deepEqual(student.test, baseline.test);
    const told = events.flatMap((event) => (event.kind === 'phase' && event.phase === 'folds' ? [event.message] : []));
    assert.equal(told.length, 1);
    assert.match(
      readFileSync(join(folder, 'whole', 'report.html'), 'utf8'),
      /each judged by networks that had not seen it/,
    );

    const controller = new AbortController();
    const stopped = await runExperiment(
      experiment,
      options(
        'stopped',
        (event) => {
          // In the middle of the second part: each has three trainings.
          if (event.kind === 'progress' && event.phase === 'folds' && event.done > 4.3) controller.abort();
        },
        controller,
      ),
    );
    assert.equal(stopped.state, 'cancelled');
    const again: RunEvent[] = [];
    const resumed = await resumeRun(options('stopped', (event) => again.push(event)));
    assert.deepEqual(resumed.report?.choice?.crossFitted, choice.crossFitted);
    const first = again.find((event) => event.kind === 'progress' && event.phase === 'folds');
    assert.ok(first?.kind === 'progress' && first.done > 4, 'what was trained was not trained again');
  });

  it('goes by the validation split where the minutes given do not suffice for that', async () => {
    const limited = { ...experiment, training: { ...experiment.training, maxMinutes: 1e-4 } };
    const notes: string[] = [];
    const { state, report } = await runExperiment(
      limited,
      options('limited', (event) => {
        if (event.kind === 'note') notes.push(event.message);
      }),
    );
    assert.equal(state, 'finished');
    assert.match(notes.join('\n'), /the validation split decides: the minutes given \(training\.maxMinutes\)/);
    assert.ok(report.choice && report.choice.crossFitted === undefined);
  });
});
