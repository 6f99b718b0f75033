import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunFolder } from '../../../src/runFolder/runFolder.ts';

describe('RunFolder', () => {
  it('removes what an earlier run left, so that no old report stands beside a new experiment', async () => {
    const path = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      const killed = `experiment.json.${randomUUID()}.tmp`;
      for (const name of ['report.json', 'student.onnx', 'notes.txt', 'own.tmp', killed])
        await writeFile(join(path, name), 'old');
      const status = { id: 'a', name: 'a', state: 'running', startedAt: '', progress: 0 } as const;
      const folder = await RunFolder.create(path, { name: 'new' }, status);
      await folder.close();
      assert.deepEqual((await readdir(path)).toSorted(), [
        'experiment.json',
        'metrics.jsonl',
        'notes.txt',
        'own.tmp',
        'status.json',
      ]);
    } finally {
      await rm(path, { recursive: true });
    }
  });

  it('that cannot be begun says what to do, and that is not to go on', async () => {
    const path = await mkdtemp(join(tmpdir(), 'distillery-'));
    try {
      // Refused by the system, as any file by a full disk: there is a file where its folder should be.
      const status = { id: 'a', name: 'a', state: 'running', startedAt: '', progress: 0 } as const;
      const file = new Map([['experiment.json/progress.json', new Uint8Array(1)]]);
      await assert.rejects(RunFolder.create(path, { name: 'new' }, status, file), {
        code: 'TRAINING',
        message: /cannot be written: /,
        hint: 'When that is mended, start the run again.',
      });
      assert.deepEqual((await readdir(path)).toSorted(), ['experiment.json'], 'nothing says that there is a run');
    } finally {
      await rm(path, { recursive: true });
    }
  });
});
