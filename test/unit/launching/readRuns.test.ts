import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import {
  readLogTail,
  readReport,
  readRuns,
  readRunStatus,
  readSoftTree,
  runsDirectory,
} from '../../../../src/extension/runs/readRuns.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';
import { sampleReport } from '../../../support/sampleReport.ts';
import { softTreeOf } from '../../../support/softTree.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

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
  it('believes a running run whose process is there', async () => {
    await withTemporaryFolder(async (folder) => {
      await store(folder, status);
      assert.deepEqual(await readRunStatus(folder), status);
    });
  });

  it('calls a run interrupted whose process is gone, or was started before the machine was', async () => {
    await withTemporaryFolder(async (folder) => {
      const beforeBoot = new Date(Date.now() - uptime() * 1000 - 60_000).toISOString();
      for (const gone of [{ processId: 2 ** 30 }, { processId: undefined }, { startedAt: beforeBoot }]) {
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

describe('readRuns', () => {
  it('lists the runs of a workspace folder, newest first, and nothing where there are none', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.deepEqual(await readRuns(folder), []);
      const finished = { ...status, state: 'finished' };
      await store(join(runsDirectory(folder), 'old'), {
        ...finished,
        id: 'old',
        startedAt: '2026-01-01T00:00:00.000Z',
      });
      await store(join(runsDirectory(folder), 'new'), {
        ...finished,
        id: 'new',
        startedAt: '2026-01-02T00:00:00.000Z',
      });
      await mkdir(join(runsDirectory(folder), 'no-run'));
      await writeFile(join(runsDirectory(folder), 'a-file'), '');
      const runs = await readRuns(folder);
      assert.deepEqual(
        runs.map((run) => run.status.id),
        ['new', 'old'],
      );
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

describe('readSoftTree', () => {
  it('reads a tree, and none where there is none or a broken one', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.equal(await readSoftTree(folder), undefined);
      const tree = softTreeOf({ depth: 2, sampleShape: [3] });
      await writeFile(join(folder, 'tree.json'), JSON.stringify(tree));
      assert.deepEqual(await readSoftTree(folder), tree);
      await writeFile(join(folder, 'tree.json'), JSON.stringify({ ...tree, depth: 3 }));
      assert.equal(await readSoftTree(folder), undefined);
    });
  });

  it('leaves filters out that are too long for the panel', async () => {
    await withTemporaryFolder(async (folder) => {
      const tree = softTreeOf({ depth: 1, sampleShape: [1_000_001] });
      await writeFile(join(folder, 'tree.json'), JSON.stringify(tree));
      const read = await readSoftTree(folder);
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
