import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyDraft } from '../../../../src/extension/experiments/drafts.ts';
import { findProblems } from '../../../../src/extension/experiments/findProblems.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

const translate = (text: string, ...values: (string | number | boolean)[]) =>
  text.replace(/\{(\d)\}/g, (_match, index: string) => String(values[Number(index)]));

async function placesOf(draft: Record<string, unknown>, directory = '/nowhere'): Promise<string[]> {
  return (await findProblems(draft, directory, translate)).map((problem) => problem.where).sort();
}

describe('findProblems', () => {
  it('finds all problems at once, each at its field', async () => {
    const draft = {
      ...emptyDraft(),
      student: { architecture: 'mlp', hidden: [0] },
      training: { epochs: 'many', batchSize: -1 },
      objective: [{ loss: 'kd', temperature: 0 }],
    };
    assert.deepEqual(await placesOf(draft), [
      'dataset.path',
      'objective[0].temperature',
      'student.hidden[0]',
      'teacher.model',
      'training.batchSize',
      'training.epochs',
    ]);
  });

  it('says once that nothing is chosen', async () => {
    const problems = await findProblems(emptyDraft(), '/nowhere', translate);
    assert.deepEqual(problems, [
      { where: 'teacher.model', message: 'nothing is chosen yet' },
      { where: 'dataset.path', message: 'nothing is chosen yet' },
    ]);
  });

  it('misses files that are not there, looked for from the base directory', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'net.onnx'), '');
      const draft = { ...emptyDraft(), teacher: { model: 'net.onnx' }, dataset: { path: 'data' } };
      const problems = await findProblems(draft, folder, translate);
      assert.deepEqual(problems, [
        { where: 'dataset.path', message: 'there is no such file', hint: `Looked for ${join(folder, 'data')}.` },
      ]);
    });
  });

  it('looks for no files where none are needed', async () => {
    assert.deepEqual(await placesOf({ ...emptyDraft(), teacher: null, dataset: { path: 'builtin:digits' } }), []);
  });
});
