import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, DistilleryError } from '../../src/errors.ts';
import { randomStream } from '../../src/data/random.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import type { RunEvent, RunStatus } from '../../src/protocol/events.ts';
import type { RunResult } from '../../src/run/runResult.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { classTable } from '../support/tableTeacher.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';

/** Enough rows that 50 of them are set aside to validate on. */
const ROWS = 700;

/** Two numbers and a label that has nothing to do with them: whoever is right has learned the very row. */
function noise(rows: number): string {
  const random = randomStream(5, 'noise');
  const lines = Array.from(
    { length: rows },
    () => `${random.uniform().toFixed(4)},${random.uniform().toFixed(4)},${random.uniform() < 0.5 ? 'no' : 'yes'}`,
  );
  return `x,y,label\n${lines.join('\n')}\n`;
}

describe('a student whose teacher has learned the very samples that it teaches', function () {
  let folder = '';
  before(async () => {
    folder = temporaryFolder();
    await writeFile(join(folder, 'noise.csv'), noise(ROWS));
  });
  after(() => {
    removeFolder(folder);
  });

  const experiment = {
    teacher: { architecture: 'decision-tree', pruning: 'none' },
    dataset: { path: 'noise.csv', enlarge: 'never' },
    student: { architecture: 'mlp', hidden: [32] },
    objective: [{ loss: 'kd' }],
    training: { maxSteps: 60, batchSize: 32, learningRate: 0.01 },
    baseline: false,
    report: { attentionSamples: 0 },
    device: 'cpu',
  } satisfies ExperimentInput;
  const options = (name: string, watch: (event: RunEvent) => void = () => undefined) => ({
    folder: join(folder, name),
    baseDirectory: folder,
    signal: new AbortController().signal,
    onEvent: watch,
  });
  const runIt = (name: string, value: ExperimentInput): Promise<RunResult> => runExperiment(value, options(name));

  it('is taught of each by a teacher that has not learned it, by itself', async () => {
    const said: string[] = [];
    const { report } = await runExperiment(
      experiment,
      options('others', (event) => {
        if (event.kind === 'phase') said.push(event.message);
      }),
    );
    assert.ok(report?.crossFittedTeacher);
    const { parts, accuracy } = report.crossFittedTeacher;
    assert.equal(parts, 5);
    // A tree that has learned a row knows its label; of others nothing can be known.
    assert.ok(accuracy !== null && Math.abs(accuracy - 0.5) < 0.1, String(accuracy));
    assert.ok(said.some((message) => message.startsWith('Trains 5 more teachers')));
    assert.match(await readFile(join(folder, 'others', 'report.html'), 'utf8'), /by one of 5 more teachers/);

    const alone = await runIt('alone', { ...experiment, teacher: { ...experiment.teacher, crossFit: 'never' } });
    assert.equal(alone.report?.crossFittedTeacher, null);
    assert.notDeepEqual(report.student.test, alone.report.student.test);
  });

  it('is taught by the one teacher where it has other samples, too few of them, has not learned them by heart, or teaches nothing', async () => {
    const limited = { ...experiment, dataset: { ...experiment.dataset, limit: 200 } };
    await writeFile(join(folder, 'few.csv'), noise(300));
    const few = { ...experiment, dataset: { ...experiment.dataset, path: 'few.csv' } };
    const labels = { ...experiment, objective: [{ loss: 'labels' as const }] };
    const counted = { ...experiment, training: { ...experiment.training, epochs: 2 } };
    // Of a table that is learned by its rule, a teacher knows other rows as well.
    await writeFile(join(folder, 'rule.csv'), classTable(ROWS));
    const known = {
      ...experiment,
      teacher: { architecture: 'linear' as const },
      dataset: { ...experiment.dataset, path: 'rule.csv' },
    };
    for (const [name, value] of Object.entries({ limited, few, labels, counted, known })) {
      assert.equal((await runIt(name, value)).report?.crossFittedTeacher, null, name);
    }
  });

  it('ends with the same student when the run was stopped among the others', async () => {
    const value = {
      ...experiment,
      teacher: { architecture: 'mlp' as const, hidden: [8], training: { maxSteps: 30 }, crossFit: 3 },
    };
    assert.equal((await runIt('whole', value)).state, 'finished');
    const controller = new AbortController();
    const stopped = await runExperiment(value, {
      ...options('stopped', (event) => {
        if (event.kind === 'progress' && event.phase === 'teacher-outputs' && event.done > 1.2 && event.total === 3) {
          controller.abort();
        }
      }),
      signal: controller.signal,
    });
    assert.equal(stopped.state, 'cancelled');
    const resumed = await resumeRun({
      folder: join(folder, 'stopped'),
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    assert.equal(resumed.report?.crossFittedTeacher?.parts, 3);
    const [one, other] = await Promise.all(
      ['whole', 'stopped'].map(
        async (name) =>
          JSON.parse(await readFile(join(folder, name, 'report.json'), 'utf8')) as {
            readonly student: { readonly test: unknown };
          },
      ),
    );
    assert.deepEqual(other?.student.test, one?.student.test);
  });

  const isOfOthers = (event: RunEvent): boolean =>
    event.kind === 'phase' && event.message.startsWith('Trains 5 more teachers');

  it('is taught by the one teacher, which is told, where one of the others cannot be trained; the run fails where the file asks for them', async () => {
    const diverged = new DistilleryError('DIVERGED', "Training diverged: the loss 'labels' is NaN at step 7.");
    const notes: string[] = [];
    const watch = (event: RunEvent): void => {
      if (event.kind === 'note') notes.push(event.message);
      if (isOfOthers(event)) throw diverged;
    };
    const { report } = await runExperiment(experiment, options('given up', watch));
    assert.equal(report?.crossFittedTeacher, null);
    assert.deepEqual(notes, [`The one teacher tells the student of all samples: ${diverged.message}`]);

    const named = { ...experiment, teacher: { ...experiment.teacher, crossFit: 5 } };
    await assert.rejects(runExperiment(named, options('named', watch)), diverged);
    const status = JSON.parse(await readFile(join(folder, 'named', 'status.json'), 'utf8')) as RunStatus;
    assert.deepEqual([status.state, status.problems?.[0]?.message], ['failed', diverged.message]);
  });

  it('is not given up because one of them cannot be written: the run fails, and goes on when that is mended', async () => {
    const inTheWay = join(folder, 'unwritten', 'repeats', 'teacher-without-3.onnx');
    const watch = (event: RunEvent): void => {
      if (isOfOthers(event)) mkdirSync(inTheWay, { recursive: true });
    };
    await assert.rejects(runExperiment(experiment, options('unwritten', watch)), /there is a folder of that name/);
    rmdirSync(inTheWay);
    const { report } = await resumeRun(options('unwritten'));
    assert.equal(report?.crossFittedTeacher?.parts, 5);
  });

  it('is refused where the student has other samples, with every reason', async () => {
    const value: ExperimentInput = {
      ...experiment,
      teacher: { ...experiment.teacher, crossFit: 5 },
      dataset: { ...experiment.dataset, limit: 100, exclude: ['yes'] },
    };
    await assert.rejects(runIt('refused', value), (error: unknown) => {
      assert.ok(error instanceof BadInputError);
      const found = error.problems.filter(({ where }) => where === 'teacher.crossFit').map(({ message }) => message);
      assert.equal(found.length, 2);
      assert.match(found.join(' '), /dataset\.limit.*dataset\.exclude/);
      return true;
    });
  });
});
