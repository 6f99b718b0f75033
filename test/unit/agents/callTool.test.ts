import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callTool, confirmCall } from '../../../src/agents/callTool.ts';
import { agentTools } from '../../../src/agents/tools.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { toolContext } from '../../support/toolContext.ts';

describe('calling a tool', () => {
  let folder: string;
  before(async () => {
    folder = await realpath(temporaryFolder());
  });
  after(() => {
    removeFolder(folder);
  });
  const call = (tool: string, input: unknown) => callTool({ tool, input, access: 'all' }, toolContext(folder));

  it('refuses a tool that there is not, and proposes the nearest', async () => {
    const answer = await call('inspect_modle', {});
    assert.ok(answer.kind === 'refused');
    assert.match(answer.text, /Did you mean 'inspect_model'\?/);
  });

  it('refuses input that the tool does not take, field by field, and says what to do', async () => {
    const said = async (tool: string, input: unknown): Promise<readonly string[]> => {
      const answer = await call(tool, input);
      assert.ok(answer.kind === 'refused');
      return answer.problems.map(({ where, message }) => `${where}: ${message}`);
    };
    assert.deepEqual(await said('follow_run', { run: '', wait: 3 }), [
      'run: must not be empty (found empty text)',
      "wait: is not a known field; did you mean 'wait_seconds'?",
    ]);
    assert.deepEqual(await said('inspect_model', { path: 3 }), [
      'model: is missing; it must be text',
      'path: is not a known field',
    ]);
    assert.deepEqual(await said('follow_run', { run: 'a', wait_seconds: 'long' }), [
      "wait_seconds: must be a number (found the text 'long')",
    ]);
    assert.deepEqual(await said('list_runs', []), ['input: must be an object (found an empty list)']);
  });

  it('refuses every tool that writes where only reading is allowed, and names those that can be called', async () => {
    const writing = agentTools.filter(({ effect }) => effect === 'writes').map(({ name }) => name);
    assert.deepEqual(writing, ['start_run', 'stop_run', 'resume_run', 'start_search']);
    for (const tool of writing) {
      for (const ask of [callTool, confirmCall]) {
        const answer = await ask({ tool, input: {}, access: 'read-only' }, toolContext(folder));
        assert.ok(answer.kind === 'refused');
        assert.match(
          answer.text,
          /only reading is allowed here\. .*These can be called: 'inspect_model', 'inspect_dataset'/,
        );
      }
    }
  });

  it('runs no network and decodes no data of a workspace that is not trusted', async () => {
    const refused: string[] = [];
    for (const { name } of agentTools) {
      const answer = await callTool({ tool: name, input: {}, access: 'untrusted' }, toolContext(folder));
      if (answer.kind === 'refused' && answer.text.includes('the workspace is not trusted')) refused.push(name);
    }
    const opening = ['inspect_dataset', 'check_experiment', 'explain_sample'];
    const writing = ['start_run', 'stop_run', 'resume_run', 'start_search'];
    assert.deepEqual(refused.toSorted(), [...opening, ...writing].toSorted());
  });

  it('refuses a packed table beside a link that leads out: an image in it may be that link', async () => {
    const outside = temporaryFolder();
    await writeFile(join(outside, 'a.png'), 'x');
    await mkdir(join(folder, 'packed'));
    await symlink(join(outside, 'a.png'), join(folder, 'packed', 'a.png'));
    for (const name of ['table.parquet', 'table.arrow', 'table.feather']) {
      await writeFile(join(folder, 'packed', name), 'x');
      const experiment = { dataset: { path: `packed/${name}` }, student: { architecture: 'mlp', hidden: [4] } };
      const answer = await call('check_experiment', { experiment });
      assert.ok(answer.kind === 'refused');
      assert.deepEqual(
        answer.problems.map(({ where }) => where),
        ['dataset.path'],
      );
      assert.match(answer.text, /'packed\/a\.png' leads to '.*a\.png', outside of/);
    }
    removeFolder(outside);
  });

  it('refuses an experiment that names anything outside, every place at once, before it opens anything', async () => {
    const outside = temporaryFolder();
    await mkdir(join(folder, 'data'), { recursive: true });
    await symlink(outside, join(folder, 'data', 'more'));
    await writeFile(
      join(folder, 'sub.distill.json'),
      '{"teacher": null, "dataset": {"path": "../../up"}, "student": {"model": "/etc/passwd"}}',
    );
    const experiment = {
      teacher: { ensemble: [{ model: '../a.onnx' }, { model: 'b.onnx' }] },
      dataset: { path: 'data', unlabelled: ['/elsewhere'], tokenizer: '../t.json' },
      student: { architecture: 'mlp' },
      cache: { folder: '..' },
      search: { space: { 'student.model': ['../c.onnx'] } },
    };
    for (const tool of ['check_experiment', 'start_run', 'start_search']) {
      const answer = await call(tool, { experiment });
      assert.ok(answer.kind === 'refused');
      assert.deepEqual(
        answer.problems.map(({ where }) => where),
        [
          'teacher.ensemble[0].model',
          'dataset.path',
          'dataset.unlabelled[0]',
          'dataset.tokenizer',
          'cache.folder',
          'search.space.student.model[0]',
        ],
      );
      const ofFile = await call(tool, { file: 'sub.distill.json' });
      assert.ok(ofFile.kind === 'refused');
      assert.deepEqual(
        ofFile.problems.map(({ where }) => where),
        ['dataset.path', 'student.model'],
      );
    }
    removeFolder(outside);
  });

  it('refuses an experiment that is given twice or not at all', async () => {
    for (const input of [{}, { file: 'a.distill.json', experiment: {} }]) {
      const answer = await call('check_experiment', input);
      assert.ok(answer.kind === 'refused');
      assert.match(answer.text, /Give one of them/);
    }
  });
});
