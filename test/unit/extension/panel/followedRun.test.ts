import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FollowedRun } from '../../../../src/extension/panel/followedRun.ts';
import type { HostMessage } from '../../../../src/protocol/panel.ts';
import { RunFolder } from '../../../../src/runFolder/runFolder.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';
import { sampleEvents } from '../../../support/sampleEvents.ts';

const status = {
  id: 'a-run',
  name: 'a run',
  state: 'running',
  startedAt: new Date().toISOString(),
  processId: process.pid,
  progress: 0,
} as const;

describe('FollowedRun', () => {
  it('tells curves when they are others, finer ones and their values when it is asked', async () => {
    await withTemporaryFolder(async (directory) => {
      const folder = join(directory, 'a-run');
      await mkdir(folder);
      const run = await RunFolder.create(folder, {}, status);
      for (const event of sampleEvents) run.append(event);
      const told: HostMessage[] = [];
      const followed = new FollowedRun({
        runs: { isSilent: () => false, isStopping: () => false, setPaused: () => undefined },
        post: (message) => told.push(message),
        onError: (error) => {
          throw error;
        },
      });
      const next = async (isMeant: (message: HostMessage) => boolean): Promise<HostMessage> => {
        for (let attempt = 0; attempt < 400; attempt++) {
          const message = told.find(isMeant);
          if (message) return message;
          await wait(10);
        }
        throw new Error(`not in time; told: ${told.map(({ kind }) => kind).join()}`);
      };
      try {
        followed.follow(folder);
        const first = await next((message) => message.kind === 'run' && (message.curves?.accuracies.length ?? 0) === 2);
        assert.ok(first.kind === 'run' && first.run.state === 'running');
        assert.ok(!('accuracies' in first.run));
        told.length = 0;
        await run.update({ progress: 0.5 });
        const later = await next((message) => message.kind === 'run' && message.run.progress === 0.5);
        assert.ok(later.kind === 'run' && later.curves === undefined, 'the curves are those that were told before');
        const ranges = [{ network: 'student', from: 2, to: 3 }] as const;
        followed.lookCloser(ranges);
        const closeup = await next(({ kind }) => kind === 'closeup');
        assert.ok(closeup.kind === 'closeup');
        assert.deepEqual(closeup.closeup.ranges, ranges);
        assert.deepEqual(closeup.closeup.curves.accuracies, [
          { network: 'student', term: 'accuracy', x: [1, 2, 3], y: [0.9, 0.95, 0.97] },
        ]);
        const line = {
          kind: 'curve',
          label: 'student',
          network: 'student',
          curve: 'accuracies',
          term: 'accuracy',
        } as const;
        assert.equal(
          [...followed.csv([line])].join(''),
          'line,network,epoch,step,seconds,value\nstudent,student,1,10,,0.9\nstudent,student,2,20,,0.95\nstudent,student,3,30,,0.97\n',
        );
      } finally {
        followed.follow(undefined);
        await run.close();
      }
      assert.deepEqual([...followed.csv([])], [], 'of no run');
    });
  });

  it('waits for a pause until it takes effect, and not again when another window has the run go on', async () => {
    await withTemporaryFolder(async (directory) => {
      const folder = join(directory, 'a-run');
      await mkdir(folder);
      const run = await RunFolder.create(folder, {}, status);
      let pause: string | undefined = 'nothing told';
      const followed = new FollowedRun({
        runs: { isSilent: () => false, isStopping: () => false, setPaused: () => undefined },
        post: (message) => {
          if (message.kind === 'run') pause = message.run.pause;
        },
        onError: (error) => {
          throw error;
        },
      });
      const until = async (awaited: string | undefined): Promise<void> => {
        for (let attempt = 0; pause !== awaited; attempt++) {
          assert.ok(attempt < 400, `in time: ${String(awaited)} in place of ${String(pause)}`);
          await wait(10);
        }
      };
      try {
        followed.follow(folder);
        await until(undefined);
        followed.setPaused(true);
        await until('asked');
        await run.update({ paused: true });
        await until('held');
        await run.update({ paused: undefined });
        await until(undefined);
      } finally {
        followed.dispose();
        await run.close();
      }
    });
  });

  it('follows nothing for a tab that was closed meanwhile', async () => {
    await withTemporaryFolder(async (directory) => {
      const folder = join(directory, 'a-run');
      await mkdir(folder);
      const run = await RunFolder.create(folder, {}, status);
      const told: HostMessage[] = [];
      const followed = new FollowedRun({
        runs: { isSilent: () => false, isStopping: () => false, setPaused: () => undefined },
        post: (message) => told.push(message),
        onError: () => undefined,
      });
      followed.dispose();
      followed.follow(folder);
      followed.lookCloser([]);
      await run.close();
      assert.deepEqual(told, []);
    });
  });
});
