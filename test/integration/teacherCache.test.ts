import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listOutputs } from '../../src/teacher/cache/storedOutputs.ts';
import { resumeRun } from '../../src/experiment/resumeRun.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { loadModel } from '../../src/onnx/file.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run, tinyExperiment, type FinishedRun } from '../support/runs.ts';

describe('the outputs of a teacher', () => {
  const cache = temporaryFolder();
  after(() => {
    removeRuns();
    removeFolder(cache);
  });

  const messages = ({ events }: FinishedRun): string[] =>
    events.flatMap((event) =>
      event.kind === 'phase' && event.message.includes('outputs of the teacher') ? [event.message] : [],
    );

  /** A run that is stopped when its student is there, without its evaluation. */
  const student = (experiment: ExperimentInput): Promise<FinishedRun> =>
    run(experiment, (event, controller) => {
      if (event.kind === 'phase' && event.phase === 'evaluation') controller.abort();
    });

  it('are read by the second run, which makes the same student; a teacher that is trained first leaves none', async () => {
    const first = await student({ ...tinyExperiment, cache: { folder: cache } });
    assert.deepEqual(messages(first), []);
    assert.deepEqual(await listOutputs(cache), []);
    const experiment = {
      ...tinyExperiment,
      teacher: { model: join(first.folder, 'teacher.onnx') },
      baseline: false,
      cache: { folder: cache },
    };
    const computed = await student(experiment);
    assert.match(messages(computed).join('\n'), /Has kept outputs of the teacher for later runs \(16\.\d kB\)/);
    assert.equal((await listOutputs(cache)).length, 2);
    const read = await student(experiment);
    assert.match(messages(read).join('\n'), /Has read outputs of the teacher that an earlier run kept \(16\.\d kB\)/);
    const epochs = ({ folder }: FinishedRun): string =>
      readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"epoch"') && !line.includes('"step",'))
        .join('\n');
    assert.ok(epochs(read).length > 0);
    assert.equal(epochs(read), epochs(computed));
    const without = await student({ ...experiment, cache: { keep: false, folder: cache } });
    assert.deepEqual(messages(without), []);
    assert.equal((await listOutputs(cache)).length, 2);
  });

  it('for the training split are computed in the first epoch; a run stopped in its middle goes on to the same student', async () => {
    const teacher = { model: join((await student(tinyExperiment)).folder, 'teacher.onnx') };
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
});
