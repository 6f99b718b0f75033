import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeMarks, readMarks } from '../../../src/runFolder/runMarks.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

describe('marks of a run', () => {
  it('are kept in its folder, one changed without the others, and gone when all are taken away', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.deepEqual(await readMarks(folder), {});
      await changeMarks(folder, { name: '  best ', starred: true });
      await changeMarks(folder, { note: 'slow' });
      assert.deepEqual(await readMarks(folder), { name: 'best', starred: true, note: 'slow' });
      await changeMarks(folder, { name: '', starred: false });
      assert.deepEqual(await readMarks(folder), { note: 'slow' });
      await changeMarks(folder, { note: undefined });
      assert.equal(existsSync(join(folder, 'marks.json')), false);
    });
  });

  it('are none where the file is damaged', async () => {
    await withTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, 'marks.json'), '{"starred": 1');
      assert.deepEqual(await readMarks(folder), {});
    });
  });
});
