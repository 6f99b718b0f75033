import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchTrainer } from '../../../src/launching/launchTrainer.ts';

describe('launchTrainer', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'distillery-launching-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('says in a sentence why the folder of the run cannot be made, and what to do', async () => {
    writeFileSync(join(directory, '.distillery'), 'a file');
    const folder = join(directory, '.distillery', 'runs', 'first');
    const request = { kind: 'resume', folder } as const;
    await assert.rejects(launchTrainer(join(directory, 'none.mjs'), request, 1), {
      name: 'DistilleryError',
      message: `'${folder}' cannot be written: a part of that path is a file and no folder.`,
      hint: /'distillery\.runFolder'/,
    });
  });
});
