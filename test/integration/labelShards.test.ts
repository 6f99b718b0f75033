import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { doTask } from '../../src/cluster/tasks/doTask.ts';
import { Slurm } from '../../src/cluster/slurm/slurm.ts';
import { writeSubmission } from '../../src/cluster/submission.ts';
import { slurmSchema } from '../../src/experiment/schema/runner.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { labelsAlone, run, removeRuns, tinyExperiment } from '../support/runs.ts';

describe('teachers that are asked in shards', function () {
  let folder: string;
  let experiment: ExperimentInput;
  const epoch = process.env['SOURCE_DATE_EPOCH'];

  before(async () => {
    folder = temporaryFolder();
    // Files say when they were written.
    process.env['SOURCE_DATE_EPOCH'] = '1700000000';
    const dataset = { path: smallDigits(), limit: 600 } as const;
    const teacher = await run({
      ...tinyExperiment,
      dataset,
      teacher: null,
      objective: labelsAlone,
      training: { epochs: 1 },
    });
    experiment = {
      ...tinyExperiment,
      dataset,
      teacher: { model: join(teacher.folder, 'student.onnx') },
      objective: [{ loss: 'kd' }],
      training: { epochs: 1, batchSize: 50 },
      baseline: false,
    };
  });
  after(() => {
    if (epoch === undefined) delete process.env['SOURCE_DATE_EPOCH'];
    else process.env['SOURCE_DATE_EPOCH'] = epoch;
    removeRuns();
    removeFolder(folder);
  });

  async function submitted(name: string, shards: number, asked: ExperimentInput) {
    const run = join(folder, name);
    const cacheFolder = join(folder, `${name}-cache`);
    await writeSubmission(run, {
      version: 1,
      kind: 'run',
      name,
      submittedAt: new Date().toISOString(),
      baseDirectory: folder,
      cacheFolder,
      settings: slurmSchema.parse({}),
      experiment: asked,
      labelShards: shards,
      rounds: null,
      jobs: [],
    });
    const { signal } = new AbortController();
    return { cacheFolder, options: { folder: run, round: 0, slurm: new Slurm(), signal, tell: () => undefined } };
  }

  async function label(name: string, shards: number, asked: ExperimentInput): Promise<Map<string, Buffer>> {
    const { cacheFolder, options } = await submitted(name, shards, asked);
    // Whichever happens to be first.
    for (let index = shards - 1; index >= 0; index--) await doTask({ ...options, task: 'label', index });
    assert.equal(await doTask({ ...options, task: 'gather', index: 0 }), 'finished');
    return new Map(readdirSync(cacheFolder).map((file) => [file, readFileSync(join(cacheFolder, file))]));
  }

  it('leave the very files of one task, and the run reads them', async () => {
    const one = await label('one', 1, experiment);
    const three = await label('three', 3, experiment);
    assert.equal(one.size, 2);
    assert.deepEqual(three, one);
    const told: string[] = [];
    const { state } = await runExperiment(experiment, {
      folder: join(folder, 'run'),
      baseDirectory: folder,
      cacheFolder: join(folder, 'three-cache'),
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === 'note') told.push(event.message);
      },
    });
    assert.equal(state, 'finished');
    assert.equal(told.filter((message) => message.startsWith('Has read outputs of the teacher')).length, 2);
    assert.equal(told.filter((message) => message.startsWith('Has kept')).length, 0);
  });

  it('are stopped in the middle, and go on', async () => {
    const { options } = await submitted('stopped', 1, experiment);
    const stop = new AbortController();
    const told: string[] = [];
    const tell = (line: string): void => {
      told.push(line);
      // The outputs for the training split are there, and those for the validation split are asked for.
      stop.abort();
    };
    const task = { ...options, task: 'label', index: 0 } as const;
    assert.equal(await doTask({ ...task, signal: stop.signal, tell }), 'stopped');
    assert.equal(await doTask({ ...task, signal: AbortSignal.abort() }), 'stopped');
    assert.equal(await doTask({ ...task, tell: (line) => told.push(line) }), 'finished');
    assert.equal(told.length, 2);
  });

  it('leave what is packed and rounded, too', async () => {
    const asked = { ...experiment, cache: { topK: 3, precision: 'float16' } } satisfies ExperimentInput;
    assert.deepEqual(await label('packed 3', 3, asked), await label('packed 1', 1, asked));
  });
});
