import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { loadModel } from '../../src/onnx/file.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { idxFile, problemsOf, removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run, tinyExperiment, type FinishedRun } from '../support/runs.ts';
import { smallDigits } from '../support/smallDigits.ts';

const kd = { loss: 'kd', temperature: 2, weight: 0.9 } as const;
const labels = { loss: 'labels', weight: 0.1 } as const;

describe('a run with samples without labels', function () {
  const files = temporaryFolder();
  const images = join(files, 'train-images-idx3-ubyte');
  /** Images of 28×28 that are nothing in particular. */
  const paint = (seed: number): void => {
    const values = Uint8Array.from({ length: 120 * 784 }, (_, index) => (index * (seed + 7) + (index >> 5)) % 256);
    writeFileSync(images, idxFile([120, 28, 28], values));
  };
  const experiment = {
    ...tinyExperiment,
    dataset: { path: smallDigits(), limit: 200, unlabelled: images },
    objective: [kd, labels],
    cache: { folder: join(files, 'cache') },
  } satisfies ExperimentInput;
  let teacher: { model: string };
  let whole: FinishedRun;

  before(async () => {
    paint(0);
    const trained = await run({ ...tinyExperiment, training: { epochs: 1, batchSize: 50 }, baseline: false });
    teacher = { model: join(trained.folder, 'teacher.onnx') };
    whole = await run({ ...experiment, teacher });
  });
  after(() => {
    removeRuns();
    removeFolder(files);
  });

  const weightsOf = async ({ folder }: Pick<FinishedRun, 'folder'>, network = 'student') =>
    (await loadModel(join(folder, `${network}.onnx`))).proto.graph?.initializer;
  const stepsOf = ({ events }: FinishedRun, network: string): number | undefined =>
    events.flatMap((event) => (event.kind === 'epoch' && event.network === network ? [event.step] : [])).at(-1);

  it('teaches on both, tells so, and gives the baseline as many steps on the labelled ones alone', async () => {
    assert.equal(whole.result.state, 'finished');
    assert.deepEqual([whole.result.report.dataset.training, whole.result.report.dataset.unlabelled], [200, 120]);
    const told = whole.events.flatMap((event) => (event.kind === 'phase' ? [event.message] : []));
    assert.ok(told.some((message) => message.includes('120 samples without labels, which the teacher labels')));
    assert.equal(stepsOf(whole, 'student'), 3 * 6);
    assert.equal(stepsOf(whole, 'baseline'), 3 * 6);
    const without = await run({ ...experiment, teacher, dataset: { path: smallDigits(), limit: 200 } });
    assert.notDeepEqual(await weightsOf(without), await weightsOf(whole));
    assert.match(readFileSync(join(whole.folder, 'report.json'), 'utf8'), /"unlabelled": 120/);
  });

  it('makes the same student from outputs in the cache, and goes on where it was stopped', async () => {
    assert.deepEqual(await weightsOf(await run({ ...experiment, teacher })), await weightsOf(whole));
    const stopped = await run({ ...experiment, teacher }, (event, controller) => {
      if (event.kind === 'epoch' && event.network === 'student') controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const resumed = await resumeRun({
      folder: stopped.folder,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    assert.equal(resumed.state, 'finished');
    assert.deepEqual(await weightsOf(stopped), await weightsOf(whole));
    assert.deepEqual(await weightsOf(stopped, 'baseline'), await weightsOf(whole, 'baseline'));
  });

  it('does not go on with other ones without being told to', async () => {
    const stopped = await run({ ...experiment, teacher }, (event, controller) => {
      if (event.kind === 'epoch' && event.network === 'student') controller.abort();
    });
    paint(1);
    try {
      const [problem] = await problemsOf(
        resumeRun({ folder: stopped.folder, signal: new AbortController().signal, onEvent: () => undefined }),
      );
      assert.equal(problem?.where, 'dataset.unlabelled');
      assert.match(problem.message, /The samples without labels are not what the run began with/);
    } finally {
      paint(0);
    }
  });

  it('works with changed and blended samples, several seeds and a teacher that is trained first', async () => {
    const { result } = await run({
      ...experiment,
      augmentation: { shift: 1, mixup: 0.4 },
      repeats: 2,
      training: { epochs: 1, batchSize: 50 },
    });
    assert.equal(result.state, 'finished');
    assert.ok(Number.isFinite(result.report.student.test.loss));
    assert.equal(result.report.seeds.length, 2);
  });

  it('is refused where nobody labels them, nothing asks for it, or the engine cannot', async () => {
    const refusal = async (change: Partial<ExperimentInput>): Promise<string> => {
      const problems = await problemsOf(run({ ...experiment, teacher, ...change }));
      return problems.map(({ where, message }) => `${where}: ${message}`).join('\n');
    };
    assert.match(await refusal({ teacher: null, objective: [labels] }), /dataset\.unlabelled: .*there is none/);
    assert.match(await refusal({ objective: [{ ...labels, weight: 1 }] }), /dataset\.unlabelled: .*teach nothing/);
  });

  it('takes rows that are made from a table in their place', async () => {
    const lines = Array.from(
      { length: 120 },
      (_, row) => `${Math.sin(row)},${Math.cos(row)},${Math.sin(row) > 0.2 ? 'up' : 'down'}`,
    );
    writeFileSync(join(files, 'table.csv'), `x,y,label\n${lines.join('\n')}\n`);
    const { result } = await run({
      ...tinyExperiment,
      dataset: { path: join(files, 'table.csv'), synthesize: { rows: 200 } },
      training: { epochs: 2, batchSize: 20 },
    });
    assert.equal(result.state, 'finished');
    assert.equal(result.report.dataset.unlabelled, 200);
  });

  it('finds a learning rate by the samples that have labels, with nothing filled in', async () => {
    const lines = (from: number, rows: number): string =>
      Array.from({ length: rows }, (_, row) => {
        const [x, y] = [Math.sin(from + row), Math.cos(3 * (from + row))];
        return `${x},${y},${x * y > 0.1 ? 'up' : 'down'}`;
      }).join('\n');
    const [labelled, more] = [join(files, 'few.csv'), join(files, 'more.csv')];
    writeFileSync(labelled, `x,y,label\n${lines(0, 200)}\n`);
    writeFileSync(more, `x,y,label\n${lines(1000, 300)}\n`);
    const { result } = await run({
      teacher: { architecture: 'mlp', hidden: [16] },
      dataset: { path: labelled, unlabelled: more, validation: 0.4 },
      student: { architecture: 'mlp', hidden: [4] },
      // A tenth of the steps are the fewest that rates are tried for.
      training: { maxSteps: 1000 },
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const { rate } = result.report;
    assert.deepEqual(
      rate?.trials.map(({ outcome }) => outcome?.count),
      [64, 64, 64],
    );
    assert.equal(rate.steps, 100);
  });
});
