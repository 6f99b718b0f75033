import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunFolder } from '../../../src/experiment/runFolder.ts';

describe('RunFolder', () => {
  it('removes what an earlier run left, so that no old report stands beside a new experiment', async () => {
    const path = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      for (const name of ['report.json', 'student.onnx', 'notes.txt']) await writeFile(join(path, name), 'old');
      const status = { id: 'a', name: 'a', state: 'running', startedAt: '', progress: 0 } as const;
      const folder = await RunFolder.create(path, { name: 'new' }, status);
      await folder.close();
      assert.deepEqual((await readdir(path)).toSorted(), [
        'experiment.json',
        'metrics.jsonl',
        'notes.txt',
        'status.json',
      ]);
    } finally {
      await rm(path, { recursive: true });
    }
  });
});
