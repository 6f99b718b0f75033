import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { newTemporaryFolder } from '../../../src/platform/newTemporaryFolder.ts';
import { measureMemory } from '../../../src/training/engines/memory/measureMemory.ts';
import { removeFolder } from '../../support/datasets.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

describe('a new temporary folder', () => {
  const before = process.env['TMPDIR'];
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });

  it('has a name that says what it is for', async () => {
    const folder = await newTemporaryFolder('trial');
    try {
      assert.ok(existsSync(folder));
      assert.match(basename(folder), /^distillery-trial-\w+$/);
    } finally {
      removeFolder(folder);
    }
  });

  it('says which folder takes none, and what names another', function () {
    if (process.platform === 'win32') this.skip();
    return withTemporaryFolder(async (folder) => {
      process.env['TMPDIR'] = join(folder, 'none');
      await assert.rejects(newTemporaryFolder('trial'), {
        message: `'${join(folder, 'none')}' cannot be written: its folder is gone, or takes no files.`,
        hint: /environment variable TMPDIR/,
      });
    });
  });

  it('is not needed to measure a network that lies on the disk as it is run', function () {
    if (process.platform === 'win32') this.skip();
    return withTemporaryFolder(async (folder) => {
      process.env['TMPDIR'] = join(folder, 'none');
      const measured = await measureMemory([], { sampleShape: [1], batchSizes: [1] });
      assert.ok('growth' in measured, JSON.stringify(measured));
    });
  });
});
