import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenBegun } from '../../../../src/extension/queue/whenBegun.ts';
import { added, changed, without, type Queue } from '../../../../src/queue/queue.ts';
import { changeQueue } from '../../../../src/queue/queueFile.ts';
import { runFiles } from '../../../../src/runFolder/runFolder.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

describe('a run in the queue that is clicked on', () => {
  /** A queue with one entry that goes on and whose folder is not there yet. */
  async function running(folder: string): Promise<{ readonly id: number; readonly run: string }> {
    const run = join(folder, 'run');
    const begin = (queue: Queue): Queue => {
      const one = added(queue, { name: 'one', experiment: {}, baseDirectory: folder }, new Date(0));
      return { ...one, entries: one.entries.map((entry) => ({ ...entry, state: 'running', run })) };
    };
    const { entries } = await changeQueue(folder, begin);
    return { id: entries[0]?.id ?? 0, run };
  }

  it('is waited for until it has written what it is', async () => {
    await withTemporaryFolder(async (folder) => {
      const entry = await running(folder);
      const begun = await whenBegun(folder, entry, () => {
        mkdirSync(entry.run);
        writeFileSync(join(entry.run, runFiles.experiment), '{}');
        writeFileSync(join(entry.run, runFiles.status), '{}');
        return Promise.resolve();
      });
      assert.deepEqual(begun, { kind: 'begun' });
    });
  });

  it('is not waited for where it is refused, which is told, or is in the queue no more', async () => {
    await withTemporaryFolder(async (folder) => {
      const entry = await running(folder);
      const problem = 'The teacher is not there.';
      const begun = await whenBegun(folder, entry, () =>
        changeQueue(folder, (queue) => changed(queue, entry.id, { state: 'refused', problem })),
      );
      assert.deepEqual(begun, { kind: 'refused', problem });
      await changeQueue(folder, (queue) => without(queue, entry.id));
      assert.deepEqual(await whenBegun(folder, entry), { kind: 'gone' });
      assert.deepEqual(await whenBegun(folder, { id: entry.id }), { kind: 'gone' });
    });
  });

  it('is not waited for without an end where nobody works the queue off any more', async () => {
    await withTemporaryFolder(async (folder) => {
      const begun = await whenBegun(folder, await running(folder), () => Promise.resolve());
      assert.deepEqual(begun, { kind: 'late' });
    });
  });
});
