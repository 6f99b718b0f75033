import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from '../../../src/data/openDataset.ts';
import { datasetOptions, problemsOf } from '../../support/datasets.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

describe('the place of data', () => {
  const problemOf = async (path: string, baseDirectory = '/none') => {
    const [problem] = await problemsOf(openDataset(datasetOptions(path), { baseDirectory, seed: 0 }));
    return problem;
  };
  const hintOf = async (path: string): Promise<string> => (await problemOf(path))?.hint ?? '';

  it('is no address, and no folder that a shell would name', async () => {
    assert.equal(await hintOf('https://example.org/a.csv'), 'Download it, and give the path of what was downloaded.');
    assert.match(await hintOf('~/a.csv'), /^'~' is not replaced here/);
    assert.match(await hintOf('a/b.csv'), /^Give a folder or file, relative to the experiment file/);
  });

  it('is refused in few words where it is empty, or a link to itself', () =>
    withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'empty'));
      await symlink('loop', join(folder, 'loop'));
      assert.deepEqual(await problemOf('empty', folder), {
        where: 'dataset.path',
        message: `${join(folder, 'empty')} is empty.`,
        hint: 'Give the folder or the file that has the data.',
      });
      if (spawnSync('mkfifo', [join(folder, 'empty', 'data.csv')]).status === 0)
        assert.match((await problemOf('empty', folder))?.message ?? '', /has nothing but pipes, .* such as data\.csv/);
      assert.match((await problemOf('loop', folder))?.message ?? '', /cannot be read: its links lead in a circle\.$/);
    }));
});
