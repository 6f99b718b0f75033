import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenBegun } from '../../../../src/extension/queue/whenBegun.ts';
import { added, type Queue } from '../../../../src/queue/queue.ts';
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
      const begun = whenBegun(folder, entry);
      mkdirSync(entry.run);
      writeFileSync(join(entry.run, runFiles.experiment), '{}');
      writeFileSync(join(entry.run, runFiles.status), '{}');
      assert.equal(await begun, true);
    });
  });

  it('is not waited for where it is refused, and never where nothing runs', async () => {
    await withTemporaryFolder(async (folder) => {
      const entry = await running(folder);
      const begun = whenBegun(folder, entry);
      await changeQueue(folder, (queue) => ({
        ...queue,
        entries: queue.entries.map((each) => ({ ...each, state: 'refused' })),
      }));
      assert.equal(await begun, false);
      assert.equal(await whenBegun(folder, { id: entry.id }), false);
    });
  });
});
