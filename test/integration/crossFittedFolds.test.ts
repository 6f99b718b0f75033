import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { Report } from '../../src/report/report.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { leaveAsKilled } from '../support/leaveAsKilled.ts';
import { writeSmallTable } from '../support/smallTable.ts';

/** Of each fold: teacher, the others that teach in its place, student, baseline. */
const TRAININGS = 4;

describe('a run whose folds and further seeds are taught by teachers that have not learned the samples', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    writeSmallTable(folder);
  });
  after(() => {
    removeFolder(folder);
  });

  const experiment = {
    teacher: { architecture: 'mlp', hidden: [8], training: { epochs: 6 }, crossFit: 2 },
    dataset: { path: 'small.csv' },
    student: { architecture: 'mlp', hidden: [4] },
    objective: [{ loss: 'kd' }, { loss: 'labels' }],
    training: { epochs: 3, batchSize: 10, learningRate: 0.01 },
    repeats: 2,
    folds: 2,
    report: { attentionSamples: 0 },
    device: 'cpu',
  } as const satisfies ExperimentInput;

  /** What a process that was killed was in the middle of, by the event that told of it. */
  const moments: Readonly<Record<string, (event: RunEvent) => boolean>> = {
    'the second of the others': (event) => isAt(event, 'teacher-outputs', 1.2),
    'the student of another seed': (event) => isAt(event, 'repeats', 0.2),
    'the first of the others of a fold': (event) => isAt(event, 'folds', TRAININGS + 1.2),
    'the second of the others of a fold': (event) => isAt(event, 'folds', TRAININGS + 1.6),
  };

  function isAt(event: RunEvent, phase: string, done: number): boolean {
    return event.kind === 'progress' && event.phase === phase && event.done >= done;
  }

  const resultOf = ({ crossFittedTeacher, student, baseline, seeds, folds }: Report): unknown => [
    crossFittedTeacher,
    student.test,
    baseline?.test,
    seeds,
    folds,
  ];

  it('goes on after a kill in the middle of any of them, and ends with the same', async () => {
    const killed = new Set<string>();
    const options = (name: string, onEvent: (event: RunEvent) => void) => ({
      folder: join(folder, name, 'run'),
      baseDirectory: folder,
      signal: new AbortController().signal,
      onEvent,
    });
    const { report } = await runExperiment(
      experiment,
      options('whole', (event) => {
        for (const [name, isNow] of Object.entries(moments)) {
          if (killed.has(name) || !isNow(event)) continue;
          killed.add(name);
          leaveAsKilled(join(folder, 'whole', 'run'), join(folder, name, 'run'));
        }
      }),
    );
    assert.ok(report);
    assert.equal(report.crossFittedTeacher?.parts, 2);
    assert.equal(report.folds?.results.length, 2);
    assert.equal(report.seeds.length, 2);
    assert.deepEqual([...killed].toSorted(), Object.keys(moments).toSorted());
    for (const name of killed) {
      const again: RunEvent[] = [];
      const resumed = await resumeRun(options(name, (event) => again.push(event)));
      assert.ok(resumed.report);
      assert.deepEqual(resultOf(resumed.report), resultOf(report), name);
      const folds = again.flatMap((event) => (event.kind === 'progress' && event.phase === 'folds' ? [event] : []));
      assert.deepEqual(folds.at(-1)?.done, folds.at(-1)?.total, `${name}: folds are told of to their end`);
      if (name.endsWith('of a fold')) {
        assert.ok((folds[0]?.done ?? 0) > TRAININGS + 1, `${name}: what was trained was trained again`);
      }
    }
  });
});
