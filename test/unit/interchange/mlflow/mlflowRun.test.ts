import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DistilleryError } from '../../../../src/errors.ts';
import { addToMlflow } from '../../../../src/interchange/mlflow/mlflowRun.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { sampleReport } from '../../../support/sampleReport.ts';

const experiment = {
  name: 'mnist kd',
  teacher: { model: 'mlp.onnx' },
  dataset: { path: 'data', columns: { 'size (m²)': 'number' } },
  student: { architecture: 'mlp', hidden: [800, 400] },
};
const epoch = {
  kind: 'epoch',
  network: 'student',
  epoch: 1,
  epochs: 2,
  step: 300,
  losses: { total: 0.5 },
  validation: { accuracy: 0.75, loss: 1.5 },
  best: true,
};

describe("a run in MLflow's file store", () => {
  let folder: string;
  let run: string;
  let store: string;

  beforeEach(() => {
    folder = temporaryFolder();
    [run, store] = [join(folder, 'run'), join(folder, 'mlruns')];
    mkdirSync(run);
    writeFileSync(join(run, 'report.json'), JSON.stringify(sampleReport));
    writeFileSync(join(run, 'experiment.json'), JSON.stringify(experiment));
    writeFileSync(join(run, 'student.onnx'), 'the student');
    const events = [epoch, { ...epoch, step: 600, validation: { accuracy: 0.8, loss: null } }];
    writeFileSync(join(run, 'metrics.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
  });

  afterEach(() => {
    removeFolder(folder);
  });

  const fieldsOf = (path: string): Record<string, unknown> =>
    Object.fromEntries(
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), JSON.parse(line.slice(line.indexOf(':') + 1)) as unknown]),
    );

  it('has parameters, metrics, tags and artifacts where MLflow looks for them', async () => {
    const added = await addToMlflow(run, store);
    const read = (path: string): string => readFileSync(join(added, path), 'utf8');
    const time = Date.parse(sampleReport.createdAt);
    assert.equal(read('params/student.hidden'), '800 400');
    assert.equal(read('params/dataset.columns.size _m__'), 'number');
    assert.equal(read('metrics/student/validation/accuracy'), `${time} 0.75 300\n${time} 0.8 600\n`);
    assert.equal(read('metrics/student/validation/loss'), `${time} 1.5 300\n`);
    assert.equal(read('metrics/teacher/test/accuracy'), `${time} 0.9921 0\n`);
    assert.equal(read('metrics/student/peak_memory_bytes'), `${time} 12000000 0\n`);
    assert.equal(read('tags/mlflow.runName'), sampleReport.id);
    assert.equal(read('artifacts/student.onnx'), 'the student');
    assert.deepEqual(readdirSync(join(added, 'artifacts')).sort(), ['experiment.json', 'report.json', 'student.onnx']);
    const meta = fieldsOf(join(added, 'meta.yaml'));
    assert.match(String(meta['run_id']), /^[0-9a-f]{32}$/);
    assert.equal(meta['artifact_uri'], pathToFileURL(join(added, 'artifacts')).href);
    assert.deepEqual([meta['status'], meta['end_time'], meta['start_time']], [3, time, time - 600_000]);
    const experimentMeta = fieldsOf(join(added, '..', 'meta.yaml'));
    assert.equal(experimentMeta['name'], 'mnist kd');
    assert.equal(join(store, String(experimentMeta['experiment_id']), String(meta['run_id'])), added);
    assert.equal(experimentMeta['experiment_id'], meta['experiment_id']);
  });

  it('stands beside others of its experiment, and replaces itself', async () => {
    const first = await addToMlflow(run, store);
    writeFileSync(join(run, 'report.json'), JSON.stringify({ ...sampleReport, id: 'another', partial: true }));
    const second = await addToMlflow(run, store);
    assert.equal(await addToMlflow(run, store), second);
    assert.notEqual(first, second);
    assert.equal(join(first, '..'), join(second, '..'));
    assert.equal(fieldsOf(join(second, 'meta.yaml'))['status'], 5);
  });

  it('joins an experiment that MLflow has made', async () => {
    const made = join(store, '123456');
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, 'meta.yaml'), "experiment_id: '123456'\nlifecycle_stage: active\nname: mnist kd\n");
    assert.equal(join(await addToMlflow(run, store), '..'), made);
  });

  it('is refused without a report', async () => {
    await assert.rejects(addToMlflow(folder, store), (error) => {
      return error instanceof DistilleryError && error.code === 'FILE_NOT_FOUND';
    });
  });

  it('is refused in a sentence where the store cannot be written to', async () => {
    writeFileSync(join(folder, 'file'), '');
    const inFile = join(folder, 'file', 'mlruns');
    await assert.rejects(addToMlflow(run, inFile), {
      code: 'BAD_INPUT',
      message: `'${inFile}' cannot be written: a part of that path is a file and no folder.`,
      hint: 'Name a folder that can be written to.',
    });
  });
});
