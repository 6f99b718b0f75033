import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callTool } from '../../../../src/agents/callTool.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { detailedReport } from '../../../support/detailedReport.ts';
import { sampleReport } from '../../../support/sampleReport.ts';
import { classTable, scoreTeacher } from '../../../support/tableTeacher.ts';
import { toolContext } from '../../../support/toolContext.ts';

/** Tools that only read, on what is stored. Those that start and stop processes are tested in test/integration/agents.test.ts. */
describe('tools that read', () => {
  let folder: string;
  before(async () => {
    folder = await realpath(temporaryFolder());
    await mkdir(join(folder, 'data'));
    const [head = '', ...rows] = classTable(80).trim().split('\n');
    await writeFile(join(folder, 'data', 'train.csv'), `${[head, ...rows.slice(0, 60)].join('\n')}\n`);
    // Ten rows of the training split are in the test split, too.
    await writeFile(join(folder, 'data', 'test.csv'), `${[head, ...rows.slice(50)].join('\n')}\n`);
    await saveModel(join(folder, 'teacher.onnx'), scoreTeacher());
    await storeRun('first', { state: 'finished', accuracy: 0.9891, teacherAccuracy: 0.9912 }, sampleReport);
    await storeRun('second', { state: 'finished', accuracy: 0.97 }, detailedReport);
    await storeRun('broken', {
      state: 'failed',
      problems: [{ where: 'training', message: 'The loss is not a number.' }],
    });
  });
  after(() => {
    removeFolder(folder);
  });

  async function storeRun(id: string, status: Partial<RunStatus>, report?: unknown): Promise<void> {
    const run = join(folder, '.distillery', 'runs', id);
    await mkdir(run, { recursive: true });
    const whole = { id, name: id, startedAt: '2026-01-02T03:04:05.000Z', progress: 1, ...status };
    await writeFile(join(run, 'status.json'), JSON.stringify(whole));
    await writeFile(join(run, 'experiment.json'), '{}');
    if (report !== undefined) await writeFile(join(run, 'report.json'), JSON.stringify(report));
  }

  async function call(
    tool: string,
    input: unknown,
  ): Promise<{ text: string; data: Readonly<Record<string, unknown>>; whole: string | null }> {
    const answer = await callTool({ tool, input, access: 'read-only' }, toolContext(folder));
    assert.ok(answer.kind === 'done', 'text' in answer ? answer.text : '');
    assert.ok(answer.text.length <= 4200);
    return answer;
  }

  async function refusal(tool: string, input: unknown): Promise<string> {
    const answer = await callTool({ tool, input, access: 'read-only' }, toolContext(folder));
    assert.ok(answer.kind === 'refused');
    return answer.text;
  }

  it("'inspect_model' tells inputs, size and that it can be trained further", async () => {
    const { text, data, whole } = await call('inspect_model', { model: 'teacher.onnx', layers: true });
    assert.match(text, /9 parameters, 6 MACs per sample/);
    assert.match(text, /Outputs: 'said' float32\[batch, 3\]/);
    assert.match(text, /can be trained further/);
    assert.match(text, /\| Gemm \| \[1, 3\] \| 9 \| 6 \|/);
    assert.equal(data['trainable'], true);
    assert.equal(whole, join(folder, 'teacher.onnx'));
    assert.match(await refusal('inspect_model', { model: 'data/train.csv' }), /inspect_model was refused\.\n- .*/);
  });

  it("'inspect_dataset' tells splits, classes, little data and leaks", async () => {
    const { text, data } = await call('inspect_dataset', { path: 'data', teacher: 'teacher.onnx' });
    assert.match(text, /3 classes/);
    assert.match(text, /Little data: fewer than 20 training samples/);
    assert.match(
      text,
      /What should be known:\n- .* of 30 test samples are in the training split too\./,
      'the leak comes first',
    );
    assert.deepEqual(data['splits'], { training: 54, validation: 6, test: 30 });
    assert.match(await refusal('inspect_dataset', { path: 'data', options: { validation: 3 } }), /options\.validation/);
  });

  it("'check_experiment' tells every problem at once, or what it will take", async () => {
    const experiment = {
      name: 'points',
      teacher: { model: 'teacher.onnx' },
      dataset: { path: 'data', scaling: 'none' },
      student: { architecture: 'mlp', hidden: [4] },
      training: { epochs: 3, batchSize: 20 },
      device: 'cpu',
    };
    const { text, data } = await call('check_experiment', { experiment });
    assert.match(text, /'points' can be run/);
    assert.match(text, /3\.0× larger than the teacher/);
    assert.match(text, /It takes roughly .* to /);
    assert.equal(data['epochs'], 3);
    const problems = await refusal('check_experiment', {
      experiment: { ...experiment, student: { architecture: 'mlpp' }, training: { epochs: -1 } },
    });
    assert.match(problems, /student/);
    assert.match(problems, /training\.epochs/);
  });

  it("'list_runs' names what there is", async () => {
    const { text, data } = await call('list_runs', { limit: 2 });
    // They began in the same second, so that the names decide.
    assert.match(text, /\| second .*\n\| first \| first \| finished \| 98\.91 % \| 99\.12 % \|/);
    assert.match(text, /1 older/);
    assert.equal(data['total'], 3);
  });

  it("'follow_run' tells at once of a run that has ended, and what to do next", async () => {
    assert.match((await call('follow_run', { run: 'first' })).text, /finished\..*\nNext: read_report/);
    const { text, data } = await call('follow_run', { run: '.distillery/runs/broken' });
    assert.match(
      text,
      /training: The loss is not a number\.\nNext: mend what it tells of, then resume_run with {"run": "broken"}/,
    );
    assert.equal(data['state'], 'failed');
    assert.match(await refusal('follow_run', { run: 'frist' }), /Did you mean 'first'\?/);
  });

  it("'read_report' tells the comparison and the sections, and one of these in full", async () => {
    const { text, data, whole } = await call('read_report', { run: 'second' });
    assert.match(text, /\|\s+\| Teacher \| Student \|/);
    assert.match(text, /Sections to read in full: .*disagreements/);
    assert.ok(data['student']);
    assert.equal(whole, join(folder, '.distillery', 'runs', 'second', 'report.json'));
    assert.match(
      (await call('read_report', { run: 'second', section: 'disagreements' })).text,
      /## Where teacher and student differ most/,
    );
    assert.match(await refusal('read_report', { run: 'second', section: 'none' }), /It has: .*disagreements/);
    assert.match(await refusal('read_report', { run: 'broken' }), /has no report; it is failed\. resume_run/);
  });

  it("'compare_runs' puts runs beside each other, and tells every one that cannot be compared", async () => {
    const { text } = await call('compare_runs', { runs: ['first', 'second'] });
    assert.match(text, /\| first.* \| 98\.91 % \|/);
    assert.match(text, /different test splits/);
    const problems = await refusal('compare_runs', { runs: ['first', 'broken', 'none'] });
    assert.match(problems, /- broken: .*\n- none: /);
  });

  it("'explain_sample' refuses a run whose experiment names anything outside", async () => {
    await storeRun('sly', { state: 'finished' }, sampleReport);
    const sly = { teacher: { model: '/etc/passwd' }, dataset: { path: '../x' }, student: { architecture: 'mlp' } };
    await writeFile(join(folder, '.distillery', 'runs', 'sly', 'experiment.json'), JSON.stringify(sly));
    assert.match(
      await refusal('explain_sample', { run: 'sly', sample: 0 }),
      /teacher\.model: .*outside.*\n- dataset\.path: .*outside/,
    );
  });

  it('refuse a run folder in which a link leads out', async () => {
    await storeRun('linked', { state: 'finished' });
    await symlink('/etc/hostname', join(folder, '.distillery', 'runs', 'linked', 'report.json'));
    assert.match(await refusal('read_report', { run: 'linked' }), /leads to '\/etc\/hostname', outside/);
    const elsewhere = await realpath(temporaryFolder());
    await writeFile(
      join(elsewhere, 'status.json'),
      JSON.stringify({
        id: 'secret',
        name: 'secret',
        state: 'finished',
        startedAt: '2027-01-02T03:04:05.000Z',
        progress: 1,
      }),
    );
    await symlink(elsewhere, join(folder, '.distillery', 'runs', 'away'));
    assert.doesNotMatch((await call('list_runs', {})).text, /secret/, 'what is elsewhere is not listed');
    removeFolder(elsewhere);
  });
});
