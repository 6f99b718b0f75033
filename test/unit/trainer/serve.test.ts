import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:net';
import { TrainerConnection } from '../../../src/launching/trainerConnection.ts';
import { readRunStatus } from '../../../src/launching/readRuns.ts';
import { controlEndpoint } from '../../../src/protocol/endpoint.ts';
import { serveTrainer } from '../../../src/trainer/serve.ts';
import { withTemporaryFolder } from '../../support/programs.ts';
import { scriptedResume, scriptedRun, type Script } from '../../support/scriptedRun.ts';

interface Served {
  readonly folder: string;
  readonly served: Promise<void>;
  readonly termination: AbortController;
  readonly logged: readonly string[];
  connect(): Promise<TrainerConnection>;
  start(script: Script): Promise<TrainerConnection>;
}

/** A trainer in this process, with a scripted run. */
async function withTrainer(work: (trainer: Served) => Promise<void>, graceMs = 5000): Promise<void> {
  await withTemporaryFolder(async (directory) => {
    const folder = join(directory, 'run');
    const endpoint = controlEndpoint(folder);
    const termination = new AbortController();
    const stopMs = 5000;
    const logged: string[] = [];
    const log = (text: string) => logged.push(text);
    const served = serveTrainer({
      run: scriptedRun,
      resume: scriptedResume,
      endpoint,
      graceMs,
      stopMs,
      signal: termination.signal,
      log,
    });
    served.catch(() => undefined);
    const open = async () => {
      const connection = await TrainerConnection.await(endpoint, AbortSignal.timeout(2000));
      assert.ok(connection);
      return connection;
    };
    const start = async (script: Script) => {
      const connection = await open();
      connection.send({ kind: 'run', experiment: { script }, baseDirectory: directory, folder });
      return connection;
    };
    await work({ folder, served, termination, logged, connect: open, start });
    await served.catch(() => undefined);
    assert.equal(existsSync(endpoint), false, 'the socket is gone');
  });
}

async function begun(folder: string): Promise<void> {
  while ((await readRunStatus(folder)) === undefined) await wait(5);
}

describe('serveTrainer', () => {
  it('runs what the first request asks for and tells how it ended', async () => {
    await withTrainer(async ({ folder, served, start }) => {
      const host = await start('finish');
      assert.deepEqual(await host.ended, { state: 'finished' });
      await served;
      assert.equal((await readRunStatus(folder))?.state, 'finished');
    });
  });

  it('tells every problem of a refused experiment, which leaves no run folder', async () => {
    await withTrainer(async ({ folder, start }) => {
      const host = await start('refuse');
      const problems = [{ where: 'dataset.path', message: 'names no file', hint: 'Choose one.' }];
      assert.deepEqual(await host.ended, { state: 'failed', problems });
      assert.equal(existsSync(folder), false);
    });
  });

  it('tells why training failed', async () => {
    await withTrainer(async ({ logged, start }) => {
      const host = await start('fail');
      const problems = [{ where: 'training', message: 'The loss is not a number.' }];
      assert.deepEqual(await host.ended, { state: 'failed', problems });
      assert.match(logged.join('\n'), /not a number[^]*scriptedRun/, 'the log says where it was raised');
    });
  });

  it('waits when a host asks for a pause, and goes on when one asks for that', async () => {
    await withTrainer(async ({ folder, start }) => {
      const host = await start('go-on');
      await begun(folder);
      const isPaused = async (wanted: true | undefined): Promise<void> => {
        while ((await readRunStatus(folder))?.paused !== wanted) await wait(5);
      };
      host.send({ kind: 'pause' });
      await isPaused(true);
      host.send({ kind: 'continue' });
      await isPaused(undefined);
      host.send({ kind: 'pause' });
      await isPaused(true);
      host.send({ kind: 'cancel' });
      assert.deepEqual(await host.ended, { state: 'cancelled' });
    });
  });

  it('is cancelled by any host, also by one that came later', async () => {
    await withTrainer(async ({ folder, start, connect }) => {
      const first = await start('go-on');
      await begun(folder);
      const second = await connect();
      first.dispose();
      second.send({ kind: 'cancel' });
      assert.deepEqual(await second.ended, { state: 'cancelled' });
    });
  });

  it('goes on without a host for the time of grace, and no longer', async () => {
    await withTrainer(async ({ folder, served, start, connect }) => {
      const first = await start('go-on');
      await begun(folder);
      first.dispose();
      await wait(150);
      const second = await connect();
      await wait(400);
      assert.equal((await readRunStatus(folder))?.state, 'running', 'a second host came in time');
      second.dispose();
      await served;
      assert.equal((await readRunStatus(folder))?.state, 'cancelled');
    }, 300);
  });

  it('goes on without any host where it is meant to', async () => {
    await withTrainer(async ({ folder, start, connect }) => {
      const first = await start('go-on');
      await begun(folder);
      first.dispose();
      await wait(100);
      const second = await connect();
      assert.equal((await readRunStatus(folder))?.state, 'running');
      second.send({ kind: 'cancel' });
      assert.deepEqual(await second.ended, { state: 'cancelled' });
    }, Infinity);
  });

  it('ends when no host ever comes', async () => {
    await withTrainer(async ({ served }) => {
      await served;
    }, 50);
  });

  it('is cancelled by a signal', async () => {
    await withTrainer(async ({ folder, termination, start }) => {
      const host = await start('go-on');
      await begun(folder);
      termination.abort();
      assert.deepEqual(await host.ended, { state: 'cancelled' });
    });
  });

  it('survives lines that are no requests', async () => {
    await withTrainer(async ({ folder, logged, start }) => {
      const rude = connect(controlEndpoint(folder));
      rude.write('{"kind":"format"}\nnonsense\n');
      const host = await start('finish');
      assert.deepEqual(await host.ended, { state: 'finished' });
      rude.destroy();
      assert.equal(logged.length, 2);
    });
  });
});
