import assert from 'node:assert/strict';
import { fileOfFolder } from '../../../../src/extension/views/fileOfFolder.ts';

describe('fileOfFolder', () => {
  const alpha = { name: 'digits', path: '/alpha/digits.distill.json' };
  const beta = { name: 'digits', path: '/beta/digits.distill.json' };
  const copy = { name: 'digits', path: '/beta/old/digits.distill.json' };
  const files = [alpha, beta, copy];
  const isOf = fileOfFolder(files, ['/alpha', '/beta']);
  const ownersOf = (folder: string) => files.filter((file) => isOf(file, folder));

  it('puts a run below the experiment of its own workspace folder', () => {
    assert.deepEqual(ownersOf('/alpha/.distillery/runs/one'), [alpha]);
    assert.deepEqual(ownersOf('/beta/.distillery/runs/one'), [beta]);
  });

  it('puts a run that lies elsewhere below the first, and every run below one alone', () => {
    assert.deepEqual(ownersOf('/elsewhere/runs/one'), [alpha]);
  });
});
