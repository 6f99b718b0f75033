import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RunFollower } from '../../../../src/extension/runs/runFollower.ts';
import { RunFolder } from '../../../../src/runFolder/runFolder.ts';
import type { RunSnapshot } from '../../../../src/protocol/snapshot.ts';
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

interface Followed {
  readonly folder: string;
  readonly snapshots: readonly RunSnapshot[];
  stopping(isStopping: boolean): void;
  silent(isSilent: boolean): void;
  until(condition: (last: RunSnapshot) => boolean): Promise<RunSnapshot>;
}

async function following(work: (followed: Followed) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (directory) => {
    const folder = join(directory, 'a-run');
    await mkdir(folder);
    const snapshots: RunSnapshot[] = [];
    let isStopping = false;
    let isSilent = false;
    const follower = new RunFollower({
      folder,
      intervalMs: 5,
      isStopping: () => isStopping,
      isSilent: () => isSilent,
      onSnapshot: (snapshot) => snapshots.push(snapshot),
      onError: (error) => {
        throw error;
      },
    });
    const until = async (condition: (last: RunSnapshot) => boolean) => {
      for (let i = 0; i < 400; i++) {
        const last = snapshots.at(-1);
        if (last && condition(last)) return last;
        await wait(5);
      }
      throw new Error(`not in time; last: ${JSON.stringify(snapshots.at(-1))}`);
    };
    try {
      await work({
        folder,
        snapshots,
        until,
        stopping: (value) => (isStopping = value),
        silent: (value) => (isSilent = value),
      });
    } finally {
      follower.dispose();
    }
  });
}

describe('RunFollower', () => {
  it('waits for the reason of a process that is gone, which is written down a moment later', async () => {
    await following(async ({ folder, until, snapshots }) => {
      // A status that says that it runs, without a process that has the lease.
      writeFileSync(join(folder, 'status.json'), JSON.stringify(status));
      await until((last) => last.state === 'interrupted');
      const seen = snapshots.length;
      // Longer than it takes to look once more.
      await wait(50);
      assert.equal(snapshots.length, seen);
      const problems = [{ where: 'training', message: 'The process that trains was killed.' }];
      writeFileSync(join(folder, 'status.json'), JSON.stringify({ ...status, state: 'interrupted', problems }));
      const { problems: told, hasCheckpoint } = await until((last) => last.problems.length > 0);
      assert.deepEqual(told, problems);
      assert.equal(hasCheckpoint, undefined);
    });
  });

  it('follows a run from before its folder has anything to its end', async () => {
    await following(async ({ folder, snapshots, until, stopping, silent }) => {
      const starting = await until((last) => last.state === 'starting');
      assert.deepEqual(starting.stages, [], 'nothing is known of what is to come');
      const experiment = { teacher: { model: 'a.onnx' }, baseline: false };
      const run = await RunFolder.create(folder, experiment, status);
      for (const event of sampleEvents) run.append(event);
      const running = await until((last) => last.accuracies.length === 2);
      assert.equal(running.state, 'running');
      assert.equal(running.name, 'a run');
      assert.deepEqual(running.stages.map(({ phase }) => phase).slice(0, 4), [
        'dataset',
        'teacher-outputs',
        'trials',
        'student',
      ]);
      silent(true);
      await until((last) => last.isSilent === true);
      silent(false);
      await until((last) => last.isSilent === undefined);
      await run.update({ paused: true });
      await until((last) => last.pause === 'held');
      stopping(true);
      assert.equal((await until((last) => last.state === 'stopping')).pause, undefined);
      await run.update({ state: 'cancelled', endedAt: new Date().toISOString(), progress: 0.5, reason: 'No window.' });
      await run.close();
      const ended = await until((last) => last.state === 'cancelled');
      assert.deepEqual([ended.progress, ended.pause, ended.reason], [0.5, undefined, 'No window.']);
      const count = snapshots.length;
      await wait(50);
      assert.equal(snapshots.length, count, 'nothing more is told after the end');
    });
  });

  it('tells nothing while nothing changes', async () => {
    await following(async ({ folder, snapshots, until }) => {
      const run = await RunFolder.create(folder, {}, status);
      await until((last) => last.state === 'running');
      const count = snapshots.length;
      await wait(60);
      assert.equal(snapshots.length, count);
      await run.close();
    });
  });

  it('shows the problems of a run that failed', async () => {
    await following(async ({ folder, until }) => {
      const run = await RunFolder.create(folder, {}, status);
      writeFileSync(join(folder, 'student.onnx'), '');
      const problems = [{ where: 'a run', message: 'The loss is not a number.' }];
      await run.update({ state: 'failed', problems });
      await run.close();
      const failed = await until((last) => last.state === 'failed');
      assert.deepEqual(failed.problems, problems);
      assert.equal(failed.hasStudent, true, 'what was left of it can be opened');
    });
  });
});
