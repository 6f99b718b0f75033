import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { QueueWork, type QueueWorkOptions } from '../../../../src/extension/queue/queueWork.ts';
import { Runs } from '../../../../src/extension/runs/runSupervisor.ts';
import { added } from '../../../../src/queue/queue.ts';
import { changeQueue, queueFolder, readQueue } from '../../../../src/queue/queueFile.ts';
import { bundleProgram } from '../../../support/programs.ts';

describe('QueueWork', function () {
  let folder: string;
  let runs: Runs;
  let work: QueueWork;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-queue-'));
    await bundleProgram(
      `import { serveTrainer } from './src/trainer/serve.ts';
       import { scriptedResume, scriptedRun } from './test/support/scriptedRun.ts';
       await serveTrainer({ run: scriptedRun, resume: scriptedResume, endpoint: process.argv[2], graceMs: 30_000, stopMs: 60_000,
         signal: new AbortController().signal, log: (text) => console.error(text) });
       process.exit(0);`,
      join(folder, 'trainer.mjs'),
    );
    runs = newRuns();
    work = newWork();
    await runs.refresh([folder]);
  });

  after(async () => {
    work.dispose();
    for (const run of runs.all) if (run.status.state === 'running') await runs.stop(run.folder);
    runs.dispose();
    await rm(folder, { recursive: true, maxRetries: 3 });
  });

  function newRuns(): Runs {
    return new Runs({
      trainerProgram: join(folder, 'trainer.mjs'),
      orphanMinutes: () => 10,
      onChange: () => undefined,
      onEnd: () => undefined,
      onRefused: (run, problems) => {
        work.refuse(run, problems);
      },
      onError: (error) => {
        throw error;
      },
    });
  }

  /** Searches that end as soon as they are started, and those that were. */
  const started: string[] = [];
  const searches: QueueWorkOptions['searches'] = {
    get all() {
      return started.map(
        (path) => ({ folder: path, name: 'search', state: 'finished', done: 1, mostTrials: 1 }) as const,
      );
    },
    newFolder: (home, name) => join(home, '.distillery', 'searches', name),
    refresh: () => Promise.resolve(),
    resume: () => Promise.resolve(true),
    start: ({ folder: path = '', atOnce }) => {
      started.push(path);
      assert.equal(atOnce, 2);
      return Promise.resolve({ folder: path, isUnderWay: true });
    },
    whenOver: (path) => Promise.resolve(searches.all.find((search) => search.folder === path)),
  };

  function newWork(): QueueWork {
    return new QueueWork({
      workspaceFolder: folder,
      runs,
      searches,
      mayRun: () => true,
      onError: (error) => {
        throw error;
      },
    });
  }

  async function add(...scripts: string[]): Promise<void> {
    for (const script of scripts) {
      const entry = { name: script, experiment: { script }, baseDirectory: folder };
      await changeQueue(queueFolder(folder), (queue) => added(queue, entry, new Date()));
    }
  }

  async function states(): Promise<string> {
    return (await readQueue(queueFolder(folder))).entries.map(({ name, state }) => `${name} ${state}`).join(', ');
  }

  async function until(expected: string): Promise<void> {
    const deadline = Date.now() + 40_000;
    while ((await states()) !== expected) {
      assert.ok(Date.now() < deadline, `${await states()} instead of ${expected}`);
      await wait(100);
    }
  }

  it('does nothing until it is on, then runs one after the other and keeps what was refused', async () => {
    await add('finish', 'refuse', 'go-on', 'finish');
    work.wake();
    await wait(200);
    assert.equal(runs.all.length, 0);
    await changeQueue(queueFolder(folder), (queue) => ({ ...queue, isOn: true }));
    work.wake();
    await until('refuse refused, go-on running, finish waiting');
    while (!runs.all.some(({ status }) => status.state === 'running')) await wait(50);
    const [refused] = (await readQueue(queueFolder(folder))).entries;
    assert.match(refused?.problem ?? '', /names no file/);
    assert.deepEqual(
      runs.all.map(({ status }) => status.name),
      ['go-on', 'finish'],
    );
  });

  it('is gone on with by the next window, which finds the run that goes on', async () => {
    work.dispose();
    runs.dispose();
    runs = newRuns();
    await runs.refresh([folder]);
    const [running] = runs.all.filter(({ status }) => status.state === 'running');
    assert.ok(running);
    // The lease is that of this process, as if the window before had kept it; stopping the run lets the old worker end.
    await runs.stop(running.folder);
    await until('refuse refused, finish waiting');
    work = newWork();
    work.wake();
    const deadline = Date.now() + 30_000;
    while ((await states()) !== 'refuse refused') {
      assert.ok(Date.now() < deadline, await states());
      work.wake();
      await wait(200);
    }
    assert.equal(runs.all.filter(({ status }) => status.state === 'finished').length, 2);
    assert.equal(runs.all.length, 3);
  });

  it('searches where that is what waits', async () => {
    const entry = { name: 'best', experiment: {}, baseDirectory: folder, search: { atOnce: 2 } };
    await changeQueue(queueFolder(folder), (queue) => added(queue, entry, new Date()));
    work.wake();
    await until('refuse refused');
    assert.deepEqual(started, [join(folder, '.distillery', 'searches', 'best')]);
  });
});
