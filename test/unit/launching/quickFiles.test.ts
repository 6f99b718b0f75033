import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QuickFiles } from '../../../src/launching/quickFiles.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

describe('QuickFiles', () => {
  for (const [name, millisecondsEach] of [
    ['a quick disk', 0.1],
    ['a slow disk', 5],
  ] as const) {
    it(`reads the same from ${name}, which it finds out`, async () => {
      await withTemporaryFolder(async (folder) => {
        writeFileSync(join(folder, 'a.txt'), 'text');
        let now = 0;
        const files = new QuickFiles(() => (now += millisecondsEach));
        for (let round = 0; round < 40; round++) {
          assert.equal(await files.readText(join(folder, 'a.txt')), 'text');
          assert.deepEqual(await files.list(folder), ['a.txt']);
          assert.equal(await files.modified(folder), statSync(folder).mtimeMs);
        }
        assert.equal(files.isSlow, millisecondsEach > 1);
        await assert.rejects(files.readText(join(folder, 'b.txt')), { code: 'ENOENT' });
      });
    });
  }
});
