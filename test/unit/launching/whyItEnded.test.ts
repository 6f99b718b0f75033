import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markInterrupted } from '../../../src/launching/markInterrupted.ts';
import { readRun } from '../../../src/launching/readRun.ts';
import { SilenceWatch } from '../../../src/extension/runs/silenceWatch.ts';
import { whyItEnded } from '../../../src/launching/whyItEnded.ts';
import { RunLease } from '../../../src/runFolder/runLease.ts';
import { withTemporaryFolder } from '../../support/programs.ts';
import { storeRun } from '../../support/storedRuns.ts';

describe('whyItEnded', () => {
  it('tells a lack of memory, a kill, a crash and a code from each other', () => {
    const heap = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
    assert.match(whyItEnded({ code: null, signal: 'SIGABRT' }, heap), /ran out of memory/);
    assert.match(whyItEnded({ code: null, signal: 'SIGKILL' }, undefined), /was killed/);
    assert.match(whyItEnded({ code: null, signal: 'SIGTERM' }, undefined), /from outside \(SIGTERM\)/);
    assert.match(whyItEnded({ code: null, signal: 'SIGSEGV' }, 'x'), /crashed \(SIGSEGV\)/);
    assert.match(whyItEnded({ code: 0xc0000005, signal: null }, ''), /crashed \(0xC0000005\)/);
    assert.match(whyItEnded({ code: 3, signal: null }, ''), /code 3/);
    assert.match(whyItEnded(undefined, undefined), /unexpectedly/);
  });
});

describe('markInterrupted', () => {
  it('writes the reason into the folder of a run whose process is gone, and nothing where one is at it', async () => {
    await withTemporaryFolder(async (parent) => {
      const folder = join(parent, 'run');
      storeRun(folder, { state: 'running', processId: 2 ** 30 });
      const lease = RunLease.take(folder);
      await markInterrupted(folder, 'It was killed.');
      assert.match(readFileSync(join(folder, 'status.json'), 'utf8'), /"running"/);
      lease.release();
      await markInterrupted(folder, 'It was killed.');
      const run = await readRun(folder);
      assert.equal(run?.status.state, 'interrupted');
      assert.equal(run.status.problems?.[0]?.message, 'It was killed.');
      await markInterrupted(folder, 'Another reason.');
      assert.doesNotMatch(readFileSync(join(folder, 'status.json'), 'utf8'), /Another/);
    });
  });
});

describe('SilenceWatch', () => {
  it('notices once that a process gives no sign for a minute', async () => {
    await withTemporaryFolder((parent) => {
      const folder = join(parent, 'run');
      mkdirSync(folder);
      const lease = RunLease.take(folder);
      let now = 0;
      const watch = new SilenceWatch(() => now);
      assert.equal(watch.look(folder), false);
      now = 59_000;
      assert.equal(watch.look(folder), false);
      now = 61_000;
      assert.deepEqual([watch.look(folder), watch.isSilent(folder), watch.look(folder)], [true, true, false]);
      lease.release();
      assert.deepEqual([watch.look(folder), watch.isSilent(folder)], [false, false]);
      return Promise.resolve();
    });
  });
});
