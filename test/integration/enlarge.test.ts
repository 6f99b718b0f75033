import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { saveModel } from '../../src/onnx/file.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { readStoredProgress } from '../../src/runFolder/checkpointFolder.ts';
import { removeRuns, run } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { classTable, scoreTeacher } from '../support/tableTeacher.ts';

const kept: Pick<ExperimentInput, 'objective' | 'baseline' | 'report' | 'device'> = {
  objective: [{ loss: 'kd' }],
  baseline: false,
  report: { attentionSamples: 0 },
  device: 'cpu',
};

describe('a student that learns its samples by heart', function () {
  after(removeRuns);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-enlarge-'));
  });
  after(() => rm(folder, { recursive: true }));

  const digits = {
    ...kept,
    teacher: { architecture: 'mlp' as const, hidden: [32], training: { epochs: 6 } },
    dataset: { path: smallDigits(), limit: 100 },
    student: { architecture: 'mlp' as const, hidden: [24] },
    training: { maxSteps: 1000 },
  } satisfies ExperimentInput;

  it('is taught on images changed as its teacher sees through, also when the run was stopped in between', async () => {
    let epochs = 0;
    const stopped = await run(digits, (event, controller) => {
      if (event.kind === 'epoch' && event.network === 'student' && ++epochs === 5) controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const { enlargement: decided } = (await readStoredProgress(stopped.folder)).progress;
    assert.ok(decided?.outcome === 'augmentation', JSON.stringify(decided));
    assert.ok((decided.training.accuracy ?? 0) > (decided.validation.accuracy ?? 1));
    const said: string[] = [];
    const resumed = await resumeRun({
      folder: stopped.folder,
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === 'phase') said.push(event.message);
      },
    });
    assert.equal(resumed.state, 'finished');
    assert.deepEqual(resumed.report.enlargement, decided);
    assert.ok(!said.some((message) => message.includes('to see whether')), said.join('\n'));
    assert.ok(
      said.some((message) => message.includes('images are changed at random')),
      said.join('\n'),
    );
  });

  it('is taught on the samples alone where the file says so', async () => {
    const { result } = await run({
      ...digits,
      teacher: { ...digits.teacher, training: { epochs: 1 } },
      dataset: { ...digits.dataset, enlarge: 'never' },
      training: { maxSteps: 1000, patience: 1 },
    });
    assert.equal(result.report?.enlargement, null);
  });

  it('is taught on rows made from those of its table, and for no more steps', async () => {
    await writeFile(join(folder, 'table.csv'), classTable(160));
    await saveModel(join(folder, 'teacher.onnx'), scoreTeacher());
    const lines = classTable(160).trim().split('\n');
    // Every third label is another one, which can only be learned by heart.
    const noisy = lines.map((line, index) =>
      index > 0 && index % 3 === 0 ? line.replace(/.$/, 'abc'[index % 9 === 0 ? 0 : 1] ?? '') : line,
    );
    await writeFile(join(folder, 'table.csv'), `${noisy.join('\n')}\n`);
    const { result, events } = await run({
      ...kept,
      teacher: { model: join(folder, 'teacher.onnx') },
      dataset: { path: join(folder, 'table.csv'), scaling: 'none', validation: 0.4 },
      student: { architecture: 'mlp', hidden: [128, 128] },
      training: { maxSteps: 2000, learningRate: 0.01 },
    });
    assert.equal(result.state, 'finished');
    const { enlargement } = result.report;
    assert.ok(enlargement?.outcome === 'rows' && enlargement.rows === 2000, JSON.stringify(enlargement));
    const steps = events.flatMap((event) =>
      event.kind === 'epoch' && event.network === 'student' ? [event.step] : [],
    );
    // Epochs of the rows that were made, too, in as many steps as were planned for the few that there are.
    assert.ok((steps[0] ?? 0) > 10 && (steps.at(-1) ?? Infinity) <= 2000, steps.join());
  });

  it('is taught on texts made from the few that there are, which hold most words too seldom', async () => {
    const lines = Array.from(
      { length: 120 },
      (_, row) =>
        `${row % 2 === 0 ? 'fine' : 'dull'} w${(row * 7) % 50} w${(row * 11) % 60} film\t${row % 2 === 0 ? 'good' : 'bad'}`,
    );
    await writeFile(join(folder, 'texts.tsv'), `text\tlabel\n${lines.join('\n')}\n`);
    const { result } = await run({
      ...kept,
      teacher: { architecture: 'textcnn', embedding: 32, filters: 64, training: { epochs: 3 } },
      dataset: { path: join(folder, 'texts.tsv'), length: 32, limit: 40 },
      student: { architecture: 'textcnn', embedding: 4, widths: [2], filters: 4 },
      training: { maxSteps: 1000, patience: 1 },
    });
    assert.equal(result.state, 'finished');
    const { enlargement, dataset } = result.report;
    assert.ok(enlargement?.outcome === 'texts', JSON.stringify(enlargement));
    assert.ok((enlargement.rows ?? 0) >= 2000 && dataset.unlabelled === enlargement.rows, String(enlargement.rows));
    assert.ok((enlargement.occurrences ?? Infinity) < 10);
  });
});
