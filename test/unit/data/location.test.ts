import assert from 'node:assert/strict';
import { openDataset } from '../../../src/data/openDataset.ts';
import { datasetOptions, problemsOf } from '../../support/datasets.ts';

describe('the place of data', () => {
  const hintOf = async (path: string): Promise<string> => {
    const [problem] = await problemsOf(openDataset(datasetOptions(path), { baseDirectory: '/none', seed: 0 }));
    return problem?.hint ?? '';
  };

  it('is no address, and no folder that a shell would name', async () => {
    assert.equal(await hintOf('https://example.org/a.csv'), 'Download it, and give the path of what was downloaded.');
    assert.match(await hintOf('~/a.csv'), /^'~' is not replaced here/);
    assert.match(await hintOf('a/b.csv'), /^Give a folder or file, relative to the experiment file/);
  });
});
