import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../src/platform/makeFolder.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

describe('making a folder', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  it('makes those around it, and leaves what is there', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await makeFolder(path);
    await makeFolder(path);
    assert.ok(existsSync(path));
  });

  it('fails under a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(makeFolder(join(folder, 'file')), { code: 'EEXIST' });
    await assert.rejects(makeFolder(join(folder, 'file', 'a', 'b')), { code: 'ENOTDIR' });
  });

  it('fails where a file system takes none, instead of trying for ever', async function () {
    if (process.platform !== 'linux') this.skip();
    await assert.rejects(makeFolder('/proc/none'), { code: 'ENOENT' });
    await assert.rejects(makeFolder('/proc/none/within'), { code: 'ENOENT' });
  });
});
