import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listOutputs } from '../../src/teacher/cache/pruneOutputs.ts';
import { inspectExperiment } from '../../src/preflight/inspection/inspectExperiment.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { loadModel } from '../../src/onnx/file.ts';
import { problemsOf, removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run, tinyExperiment, type FinishedRun } from '../support/runs.ts';

describe('the outputs of a teacher', () => {
  const cache = temporaryFolder();
  let first: FinishedRun;
  let teacher: { model: string };
  before(async () => {
    first = await student({ ...tinyExperiment, cache: { folder: cache } });
    teacher = { model: join(first.folder, 'teacher.onnx') };
  });
  after(() => {
    removeRuns();
    removeFolder(cache);
  });

  const messages = ({ events }: FinishedRun): string[] =>
    events.flatMap((event) =>
      event.kind === 'note' && event.message.includes('outputs of the teacher') ? [event.message] : [],
    );

  /** What was told of the epochs, with their losses to the last bit. */
  const epochs = ({ folder }: FinishedRun): string =>
    readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"epoch"') && !line.includes('"step",'))
      .join('\n');

  /** The metadata name the experiments, which may be two. */
  const weightsOf = async ({ folder }: FinishedRun) =>
    (await loadModel(join(folder, 'student.onnx'))).proto.graph?.initializer;

  /** A run that is stopped when its student is there, without its evaluation. */
  const student = (experiment: ExperimentInput, memory?: number): Promise<FinishedRun> =>
    run(
      experiment,
      (event, controller) => {
        if (event.kind === 'phase' && event.phase === 'evaluation') controller.abort();
      },
      memory,
    );

  /** What is foreseen of a run: number of files, how many are there, and the bytes of those that are to come. */
  const foreseen = async (experiment: ExperimentInput): Promise<readonly [files: number, there: number]> => {
    const { signal } = new AbortController();
    const { outputs } = await inspectExperiment(experiment, { baseDirectory: cache, cacheFolder: undefined, signal });
    assert.ok(outputs?.folder);
    const stored = await listOutputs(outputs.folder);
    for (const { split, view, bytes, isThere } of outputs.files) {
      if (!isThere) continue;
      const file = stored.find(({ description }) => description?.split === split && description.view === view);
      const header = (file?.bytes ?? 0) - bytes;
      assert.ok(header > 0 && header < 1024, `${split} takes ${file?.bytes ?? 0} bytes, not ${bytes} and a header`);
    }
    return [outputs.files.length, outputs.files.filter(({ isThere }) => isThere).length];
  };

  it('are read by the second run, which makes the same student; a teacher that is trained first leaves none', async () => {
    assert.deepEqual(messages(first), []);
    assert.deepEqual(await listOutputs(cache), []);
    const experiment = {
      ...tinyExperiment,
      teacher,
      baseline: false,
      cache: { folder: cache },
    };
    assert.deepEqual(await foreseen(experiment), [2, 0]);
    const computed = await student(experiment);
    assert.deepEqual(await foreseen(experiment), [2, 2]);
    assert.deepEqual(await foreseen({ ...experiment, dataset: { ...experiment.dataset, limit: 300 } }), [2, 1]);
    assert.match(messages(computed).join('\n'), /Has kept outputs of the teacher for later runs \(16\.\d kB\)/);
    assert.equal((await listOutputs(cache)).length, 2);
    const read = await student(experiment);
    assert.match(messages(read).join('\n'), /Has read outputs of the teacher that an earlier run kept \(16\.\d kB\)/);
    assert.ok(epochs(read).length > 0);
    assert.equal(epochs(read), epochs(computed));
    const without = await student({ ...experiment, cache: { keep: false, folder: cache } });
    assert.deepEqual(messages(without), []);
    assert.equal((await listOutputs(cache)).length, 2);
  });

  it('for the training split are computed in the first epoch; a run stopped in its middle goes on to the same student', async () => {
    const folder = join(cache, 'of-stopped-runs');
    const experiment = { ...tinyExperiment, teacher, baseline: false, cache: { folder } };
    const whole = await student({ ...experiment, cache: { keep: false } });
    const stopped = await run(experiment, (event, controller) => {
      if (event.kind === 'step' && event.step === 1) controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const splits = async () => (await listOutputs(folder)).map(({ description }) => description?.split);
    assert.deepEqual(await splits(), ['validation']);
    const resumed = await resumeRun({
      folder: stopped.folder,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    assert.equal(resumed.state, 'finished');
    assert.deepEqual((await splits()).sort(), ['training', 'validation']);
    // The metadata name the experiments, which are two.
    const weights = async (of: FinishedRun) =>
      (await loadModel(join(of.folder, 'student.onnx'))).proto.graph?.initializer;
    assert.deepEqual(await weights(stopped), await weights(whole));
  });

  it('for views of the samples are computed once, and give the same student when read and when a run goes on', async () => {
    const folder = join(cache, 'of-views');
    const experiment = {
      ...tinyExperiment,
      teacher,
      baseline: false,
      training: { epochs: 4, batchSize: 50, checkpointMinutes: 1e-6 },
      augmentation: { shift: 2, noise: 0.05 },
      cache: { folder, views: 2 },
    };
    const computed = await student(experiment);
    assert.deepEqual(await foreseen(experiment), [3, 3]);
    assert.deepEqual(await foreseen({ ...experiment, cache: { folder, views: 9 } }), [5, 3], 'four epochs, four views');
    const told = messages(computed).join('\n');
    assert.match(told, /Has kept outputs of the teacher for later runs \(view 1, 16\.\d kB\)/);
    assert.match(told, /Has kept outputs of the teacher for later runs \(view 2, 16\.\d kB\)/);
    assert.equal((await listOutputs(folder)).length, 3);
    const stopped = await run({ ...experiment, cache: { keep: false, views: 2 } }, (event, controller) => {
      if (event.kind === 'epoch' && event.network === 'student' && event.epoch === 3) controller.abort();
    });
    assert.equal(stopped.result.state, 'cancelled');
    const going = { signal: new AbortController().signal, onEvent: () => undefined };
    assert.equal((await resumeRun({ ...going, folder: stopped.folder })).state, 'finished');
    assert.deepEqual(await weightsOf(stopped), await weightsOf(computed));
    assert.equal(epochs(stopped), epochs(computed));
    const read = await student(experiment);
    assert.match(messages(read).join('\n'), /Has read outputs of the teacher that an earlier run kept \(view 2, /);
    assert.equal(epochs(read), epochs(computed));
    const others = await student({ ...experiment, cache: { keep: false } });
    assert.notEqual(epochs(others), epochs(computed), 'without views every step alters its samples in another way');
  });

  it('that do not fit into memory are read from the disk, and give the very same student', async () => {
    const experiment = { ...tinyExperiment, teacher, baseline: false };
    for (const [name, options] of [
      ['rows', {}],
      ['packed', { topK: 3, precision: 'float16' }],
    ] as const) {
      const inMemory = await student({ ...experiment, cache: { ...options, folder: join(cache, `${name}-held`) } });
      const folder = join(cache, `${name}-on-disk`);
      for (const expected of ['Has kept', 'Has read']) {
        const onDisk = await student({ ...experiment, cache: { ...options, folder } }, 0);
        const told = onDisk.events.flatMap((event) => (event.kind === 'phase' ? [event.message] : [])).join('\n');
        assert.match(told, /they are read from there as they are needed/);
        assert.match(messages(onDisk).join('\n'), new RegExp(expected));
        assert.ok(!onDisk.events.some(({ kind }) => kind === 'warning'));
        assert.equal(epochs(onDisk), epochs(inMemory), name);
        assert.deepEqual(await weightsOf(onDisk), await weightsOf(inMemory), name);
      }
      const files = await listOutputs(folder);
      assert.equal(files.length, 2);
      assert.ok(files.every(({ description }) => description));
    }
  });

  it('are read from the disk beside the features of an extractor, and give the very same student', async () => {
    const experiment = {
      ...tinyExperiment,
      teacher,
      student: { extractor: teacher.model },
      baseline: false,
      cache: { folder: join(cache, 'of-extractors') },
    };
    const inMemory = await student({ ...experiment, cache: { keep: false } });
    for (const [what, count] of [
      ['kept', 4],
      ['read', 4],
    ] as const) {
      const onDisk = await student(experiment, 0);
      const told = onDisk.events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
      assert.equal(told.filter((message) => message.includes(`Has ${what} `)).length, count, told.join('\n'));
      assert.equal(epochs(onDisk), epochs(inMemory));
      assert.deepEqual(await weightsOf(onDisk), await weightsOf(inMemory));
    }
    assert.equal((await listOutputs(experiment.cache.folder)).length, 4);
  });

  it('of the most probable classes alone are smaller, and give the same student when read', async () => {
    const folder = join(cache, 'of-top-classes');
    const experiment = { ...tinyExperiment, teacher, baseline: false, cache: { folder, topK: 2 } };
    const computed = await student(experiment);
    assert.deepEqual(await foreseen(experiment), [2, 2]);
    assert.match(messages(computed).join('\n'), /Has kept outputs of the teacher for later runs \(8\.\d kB\)/);
    const read = await student(experiment);
    assert.match(messages(read).join('\n'), /Has read outputs of the teacher that an earlier run kept \(8\.\d kB\)/);
    assert.ok(epochs(read).length > 0);
    assert.equal(epochs(read), epochs(computed));
    const problems = await problemsOf(student({ ...experiment, objective: [{ loss: 'logit-mse' }] }));
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['cache.topK'],
    );
  });
});
