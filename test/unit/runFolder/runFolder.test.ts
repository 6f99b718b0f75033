import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runFolderToWrite } from '../../../src/cli/checks.ts';
import { RunFolder } from '../../../src/runFolder/runFolder.ts';
import { onFullDisk } from '../../support/fullDisk.ts';

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
      assert.deepEqual(await readdir(path), [], 'nothing keeps the next start from the folder');
    } finally {
      await rm(path, { recursive: true });
    }
  });

  it('that a full disk keeps from beginning says so, whichever file it is, and the folder is free for the next start', async () => {
    const path = await mkdtemp(join(tmpdir(), 'distillery-'));
    const status = { id: 'a', name: 'a', state: 'running', startedAt: '', progress: 0 } as const;
    try {
      for (const name of ['experiment.json', 'progress.json', 'status.json']) {
        await onFullDisk(
          (file) => basename(file).startsWith(name),
          async () => {
            const before = new Map([['checkpoint/progress.json', new Uint8Array(1)]]);
            await assert.rejects(RunFolder.create(path, { name: 'new' }, status, before), {
              message: new RegExp(`${name}' cannot be written: the disk is full\\.$`),
              hint: 'When that is mended, start the run again.',
            });
          },
        );
        assert.deepEqual(await readdir(path), [], name);
        assert.equal(runFolderToWrite(path, '/'), undefined);
      }
    } finally {
      await rm(path, { recursive: true });
    }
  });
});
