import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport, readTree } from '../../../src/launching/readReport.ts';
import { readLogTail, readRunStatus } from '../../../src/launching/readRuns.ts';
import type { RunStatus } from '../../../src/protocol/events.ts';
import type { SoftTreeReport } from '../../../src/report/trees/softTreeReport.ts';
import { RunLease } from '../../../src/runFolder/runLease.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { softTreeOf } from '../../support/softTree.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

const status: RunStatus = {
  id: 'a',
  name: 'a',
  state: 'running',
  startedAt: new Date().toISOString(),
  processId: process.pid,
  progress: 0.5,
};

async function store(folder: string, stored: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'status.json'), JSON.stringify(stored));
}

describe('readRunStatus', () => {
  it('believes a running run whose process has the lease of its folder', async () => {
    await withTemporaryFolder(async (folder) => {
      await store(folder, status);
      const lease = RunLease.take(folder);
      assert.deepEqual(await readRunStatus(folder), status);
      lease.release();
      assert.equal((await readRunStatus(folder))?.state, 'interrupted');
    });
  });

  it('calls a run interrupted whose process is gone, or that another process has taken over', async () => {
    await withTemporaryFolder(async (folder) => {
      RunLease.take(folder);
      for (const gone of [{ processId: 2 ** 30 }, { processId: undefined }]) {
        await store(folder, { ...status, ...gone });
        assert.equal((await readRunStatus(folder))?.state, 'interrupted', JSON.stringify(gone));
      }
    });
  });

  it('has nothing to say of a folder without a status, or with a broken one', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.equal(await readRunStatus(join(folder, 'missing')), undefined);
      await writeFile(join(folder, 'status.json'), '{"id": "a", ');
      assert.equal(await readRunStatus(folder), undefined);
      await writeFile(join(folder, 'status.json'), '{"id": "a"}');
      assert.equal(await readRunStatus(folder), undefined);
    });
  });
});

describe('readReport', () => {
  it('reads a report, and none where there is none', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.equal(await readReport(folder), undefined);
      await writeFile(join(folder, 'report.json'), JSON.stringify(sampleReport));
      assert.deepEqual(await readReport(folder), sampleReport);
    });
  });
});

describe('readTree', () => {
  it('reads a tree, and none where there is none or a broken one', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.equal(await readTree(folder), undefined);
      const tree = softTreeOf({ depth: 2, sampleShape: [3] });
      await writeFile(join(folder, 'tree.json'), JSON.stringify(tree));
      assert.deepEqual(await readTree(folder), tree);
      await writeFile(join(folder, 'tree.json'), JSON.stringify({ ...tree, depth: 3 }));
      assert.equal(await readTree(folder), undefined);
    });
  });

  it('leaves filters out that are too long for the panel', async () => {
    await withTemporaryFolder(async (folder) => {
      const tree = softTreeOf({ depth: 1, sampleShape: [1_000_001] });
      await writeFile(join(folder, 'tree.json'), JSON.stringify(tree));
      const read = (await readTree(folder)) as SoftTreeReport | undefined;
      assert.deepEqual(
        read?.nodes.map(({ weights }) => weights),
        [null],
      );
      assert.deepEqual(read.leaves, tree.leaves);
    });
  });
});

describe('readLogTail', () => {
  it('shows the last lines without the frames of stack traces', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.equal(await readLogTail(folder), undefined);
      const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
      await writeFile(join(folder, 'trainer.log'), [...lines, 'Error: no', '    at x (y.js:1:2)', '', ''].join('\n'));
      assert.equal(await readLogTail(folder), [...lines.slice(-9), 'Error: no'].join('\n'));
    });
  });
});
