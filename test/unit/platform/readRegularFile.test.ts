import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExperimentFile } from '../../../src/experiment/readExperimentFile.ts';
import { readRegularFile } from '../../../src/platform/readRegularFile.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

describe('reading a whole file', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  it('gives its bytes, unless there are far too many', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, Buffer.alloc(3 * 2 ** 20, 'a'));
    assert.equal((await readRegularFile(path)).length, 3 * 2 ** 20);
    await assert.rejects(readRegularFile(path, 2 ** 20), /^Error: it has 3 MiB, and such files have at most 1$/);
  });

  it('refuses pipes and devices, which may never end', async function () {
    const path = join(folder, 'pipe');
    if (spawnSync('mkfifo', [path]).status !== 0) this.skip();
    await assert.rejects(readExperimentFile(path), {
      code: 'BAD_FILE',
      message: `'${path}' cannot be read: it is a pipe or a device, not a file.`,
    });
    await assert.rejects(readExperimentFile('/dev/zero'), { code: 'BAD_FILE' });
  });
});
