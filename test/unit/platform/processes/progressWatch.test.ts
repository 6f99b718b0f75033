import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { ProgressWatch } from '../../../../src/platform/processes/progressWatch.ts';

describe('the watch over a process that may never end', () => {
  /** What the watch says of a program, within five seconds. */
  async function complaintOn(program: string, mostBytes: number): Promise<string | undefined> {
    const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
    try {
      const watch = new ProgressWatch(child.pid, mostBytes);
      watch.allow(0);
      for (let round = 0; round < 50; round++) {
        const complaint = watch.complaint();
        if (complaint !== undefined) return complaint;
        await wait(100);
      }
      return undefined;
    } finally {
      child.kill('SIGKILL');
    }
  }

  it('ends one that counts for ever', async () => {
    assert.equal(await complaintOn('for (;;);', Infinity), 'endless');
  });

  it('ends one that fills the memory', async function () {
    if (process.platform !== 'linux') this.skip();
    const program = 'const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 20, 1));';
    assert.equal(await complaintOn(program, 2 ** 28), 'memory');
  });

  it('leaves one alone that waits for a slow disk', async function () {
    if (process.platform !== 'linux') this.skip();
    assert.equal(await complaintOn('setInterval(() => undefined, 1000);', 2 ** 30), undefined);
  });
});
