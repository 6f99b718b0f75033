import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyAtomically } from '../../../src/platform/copyAtomically.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

describe('copyAtomically', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    writeFileSync(join(folder, 'from'), 'new');
    writeFileSync(join(folder, 'to'), 'old');
  });
  afterEach(() => {
    removeFolder(folder);
  });

  it('puts a copy in the place of a file', async () => {
    await copyAtomically(join(folder, 'from'), join(folder, 'to'));
    assert.equal(readFileSync(join(folder, 'to'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(folder).toSorted(), ['from', 'to']);
  });

  it('leaves what is there as it is, and nothing else, where it fails', async () => {
    await assert.rejects(copyAtomically(join(folder, 'none'), join(folder, 'to')));
    assert.equal(readFileSync(join(folder, 'to'), 'utf8'), 'old');
    mkdirSync(join(folder, 'in the way', 'of it'), { recursive: true });
    await assert.rejects(copyAtomically(join(folder, 'from'), join(folder, 'in the way')), {
      code: 'TRAINING',
      message: /in the way' cannot be written: there is a folder of that name/,
    });
    assert.deepEqual(readdirSync(folder).toSorted(), ['from', 'in the way', 'to']);
  });
});
