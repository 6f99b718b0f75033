import assert from 'node:assert/strict';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../../../src/errors.ts';
import { endsWithin } from '../../../../src/launching/processes.ts';
import { readRunStatus } from '../../../../src/launching/readRuns.ts';
import type { StoredRun } from '../../../../src/launching/readRun.ts';
import { Runs } from '../../../../src/extension/runs/runSupervisor.ts';
import { identityOf } from '../../../../src/platform/processes/processIdentity.ts';
import { isProcessAlive } from '../../../../src/platform/processes/isProcessAlive.ts';
import { controlEndpoint } from '../../../../src/protocol/endpoint.ts';
import type { RunStatus } from '../../../../src/protocol/events.ts';
import type { Lease } from '../../../../src/runFolder/runLease.ts';
import { bundleProgram } from '../../../support/programs.ts';
import { storeRun } from '../../../support/storedRuns.ts';
import type { Script } from '../../../support/scriptedRun.ts';

const GRACE_MS = 1500;

describe('Runs', function () {
  let programs: string;
  let workspaceFolder: string;
  let runs: Runs;
  let ended: StoredRun[];
  let refused: { folder: string; problems: readonly Problem[] }[];

  before(async () => {
    programs = await mkdtemp(join(tmpdir(), 'distillery-programs-'));
    await bundleProgram(
      `import { serveTrainer } from './src/trainer/serve.ts';
       import { scriptedResume, scriptedRun } from './test/support/scriptedRun.ts';
       await serveTrainer({ run: scriptedRun, resume: scriptedResume, endpoint: process.argv[2], graceMs: ${GRACE_MS}, stopMs: 60_000,
         signal: new AbortController().signal, log: (text) => console.error(text) });
       process.exit(0);`,
      join(programs, 'trainer.mjs'),
    );
    await writeFile(join(programs, 'broken.mjs'), 'throw new Error("no such module");');
    await bundleProgram(
      `import { Runs } from './src/extension/runs/runSupervisor.ts';
       const ignore = () => undefined;
       const [trainerProgram, workspaceFolder] = process.argv.slice(2);
       const runs = new Runs({ trainerProgram, orphanMinutes: () => 10, onChange: ignore, onEnd: ignore, onRefused: ignore, onError: ignore });
       process.send(await runs.start({ experiment: { script: 'go-on' }, name: 'x', baseDirectory: '/', workspaceFolder }));`,
      join(programs, 'host.mjs'),
    );
  });

  after(() => rm(programs, { recursive: true }));

  beforeEach(async () => {
    workspaceFolder = await mkdtemp(join(tmpdir(), 'distillery-workspace-'));
    ended = [];
    refused = [];
    runs = newRuns('trainer.mjs');
    await runs.refresh([workspaceFolder]);
  });

  afterEach(async () => {
    for (const run of runs.all) if (run.status.state === 'running') await runs.stop(run.folder);
    runs.dispose();
    await rm(workspaceFolder, { recursive: true, maxRetries: 3 });
  });

  function newRuns(program: string): Runs {
    return new Runs({
      trainerProgram: join(programs, program),
      orphanMinutes: () => 10,
      onChange: () => undefined,
      onEnd: (run) => ended.push(run),
      onRefused: (folder, problems) => refused.push({ folder, problems }),
      onError: (error) => {
        throw error;
      },
    });
  }

  const start = (script: Script) =>
    runs.start({ experiment: { script }, name: script, baseDirectory: workspaceFolder, workspaceFolder });

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let i = 0; !(await condition()); i++) {
      assert.ok(i < 500, 'in time');
      await wait(20);
    }
  }

  async function begun(folder: string): Promise<number> {
    await until(async () => (await readRunStatus(folder))?.state === 'running');
    await runs.refresh();
    return runs.get(folder)!.status.processId!;
  }

  /** Starts a run from another process, as another window would, and ends that process at once. */
  async function startFromWindowThatDies(): Promise<string> {
    const host = fork(join(programs, 'host.mjs'), [join(programs, 'trainer.mjs'), workspaceFolder]);
    const [folder] = (await once(host, 'message')) as [string];
    await until(async () => (await readRunStatus(folder)) !== undefined);
    host.kill('SIGKILL');
    await once(host, 'exit');
    return folder;
  }

  it('runs to the end in a process that leaves nothing behind', async () => {
    const folder = await start('finish');
    await until(() => ended.length === 1);
    assert.equal(ended[0]!.status.state, 'finished');
    assert.equal(runs.all[0]!.folder, folder);
    assert.equal(await endsWithin(identityOf(ended[0]!.status.processId!), 2000), true);
    assert.equal(existsSync(controlEndpoint(folder)), false);
    assert.equal(await readFile(join(workspaceFolder, '.distillery', '.gitignore'), 'utf8'), '*\n');
  });

  it('lists, renames and forgets runs as another window does, although nobody tells of changes on disk', async () => {
    const folder = join(workspaceFolder, '.distillery', 'runs', '2026-01-01T00-00-00-a');
    storeRun(folder, { state: 'finished' });
    await until(() => runs.get(folder)?.status.state === 'finished');
    const other = newRuns('trainer.mjs');
    try {
      await other.refresh([workspaceFolder]);
      await other.mark(folder, { name: 'the good one' });
      await until(() => runs.get(folder)?.details.marks.name === 'the good one');
      await other.remove(folder);
      await until(() => runs.all.length === 0);
    } finally {
      other.dispose();
    }
  });

  it('lists a run that it started although nobody tells of changes on disk', async () => {
    const folder = await start('go-on');
    await until(() => runs.get(folder)?.status.state === 'running');
  });

  it('goes on with a run whose process was killed, in another process', async () => {
    const folder = await start('go-on');
    const killed = await begun(folder);
    process.kill(killed, 'SIGKILL');
    await until(() => ended.length === 1);
    assert.equal(runs.get(folder)!.status.state, 'interrupted');
    const told = JSON.parse(await readFile(join(folder, 'status.json'), 'utf8')) as RunStatus;
    assert.match(told.problems?.[0]?.message ?? '', /was killed/);
    await runs.resume(folder);
    const { state, processId, resumedAt } = runs.get(folder)!.status;
    assert.equal(state, 'running');
    assert.notEqual(processId, killed);
    assert.ok(resumedAt);
    assert.equal(ended.length, 1, 'nothing is said to have ended while it is taken up');
    await runs.stop(folder);
    assert.equal(runs.get(folder)!.status.state, 'cancelled');
    await until(() => ended.length === 2);
  });

  it('says why a run cannot go on, and leaves it as it was', async () => {
    const folder = await start('go-on');
    process.kill(await begun(folder), 'SIGKILL');
    await until(() => ended.length === 1);
    await writeFile(join(folder, 'experiment.json'), JSON.stringify({ script: 'refuse' }));
    await assert.rejects(runs.resume(folder), /names no file/);
    assert.equal((await readRunStatus(folder))?.state, 'interrupted');
    assert.deepEqual(refused, []);
  });

  it('stops a run, which then says that it was cancelled', async () => {
    const folder = await start('go-on');
    const processId = await begun(folder);
    await runs.stop(folder);
    assert.equal(runs.get(folder)!.status.state, 'cancelled');
    assert.equal(isProcessAlive(processId), false);
    assert.equal(ended.length, 1);
  });

  it('kills a run that does not stop', async () => {
    const folder = await start('ignore-cancel');
    const processId = await begun(folder);
    await runs.stop(folder);
    assert.equal(isProcessAlive(processId), false);
    assert.equal(runs.get(folder)!.status.state, 'interrupted');
    await until(() => !existsSync(controlEndpoint(folder)));
  });

  it('deletes a run that does not stop, and does not call it refused', async () => {
    const folder = await start('ignore-cancel');
    await begun(folder);
    await runs.remove(folder);
    assert.equal(existsSync(folder), false);
    assert.equal(await runs.whenOver(folder), undefined);
    assert.deepEqual(refused, []);
  });

  it('passes on why an experiment was refused, and leaves no folder', async () => {
    const folder = await start('refuse');
    await until(() => refused.length === 1);
    const problems = [{ where: 'dataset.path', message: 'names no file', hint: 'Choose one.' }];
    assert.deepEqual(refused, [{ folder, problems }]);
    await until(() => !existsSync(folder));
    assert.deepEqual(runs.all, []);
  });

  it('shows the log of a process that dies before it began', async () => {
    await start('crash');
    await until(() => refused.length === 1);
    assert.match(refused[0]!.problems[0]!.hint!, /about to crash/);
    assert.equal(existsSync(controlEndpoint(refused[0]!.folder)), false, 'its socket is gone');
  });

  it('calls a run interrupted whose process died', async () => {
    const folder = await start('go-on');
    process.kill(await begun(folder), 'SIGKILL');
    await until(() => ended.length === 1);
    assert.equal(runs.get(folder)!.status.state, 'interrupted');
  });

  it('says why a process does not start, and leaves no folder', async () => {
    runs.dispose();
    runs = newRuns('broken.mjs');
    await assert.rejects(start('finish'), (error: Error & { hint?: string }) => {
      assert.match(error.message, /did not start/);
      assert.match(error.hint!, /no such module/);
      return true;
    });
    assert.deepEqual(await readdir(join(workspaceFolder, '.distillery', 'runs')), []);
  });

  it('takes over a run whose window died, and can stop it', async () => {
    const folder = await startFromWindowThatDies();
    await runs.refresh();
    await wait(GRACE_MS + 500);
    assert.equal((await readRunStatus(folder))?.state, 'running', 'somebody is connected again');
    await runs.stop(folder);
    assert.equal(runs.get(folder)!.status.state, 'cancelled');
  });

  it('ends as cancelled after the time of grace when no window comes back', async () => {
    // Another window on that folder would find the run, and be there for it.
    runs.dispose();
    const folder = await startFromWindowThatDies();
    const { processId } = (await readRunStatus(folder))!;
    assert.equal(await endsWithin(identityOf(processId!), GRACE_MS + 30_000), true);
    assert.equal((await readRunStatus(folder))?.state, 'cancelled');
    assert.match(await readFile(join(folder, 'trainer.log'), 'utf8'), /no window was connected for [\d.]+ minutes/);
  });

  it('leaves a run as it was when the process that is to go on with it does not start', async () => {
    const folder = await start('go-on');
    process.kill(await begun(folder), 'SIGKILL');
    await until(() => ended.length === 1);
    runs.dispose();
    runs = newRuns('broken.mjs');
    await runs.refresh([workspaceFolder]);
    await assert.rejects(runs.resume(folder), /did not start/);
    assert.equal((await readRunStatus(folder))?.state, 'interrupted');
  });

  describe('with a status that names a stranger', () => {
    let stranger: ChildProcess;
    beforeEach(async () => {
      stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
      await once(stranger, 'spawn');
    });
    afterEach(() => stranger.kill('SIGKILL'));

    async function store(lease: Partial<Lease> | undefined): Promise<string> {
      const folder = join(workspaceFolder, '.distillery', 'runs', 'strange');
      await mkdir(folder, { recursive: true });
      const processId = stranger.pid!;
      const startedAt = new Date().toISOString();
      const status: RunStatus = { id: 'strange', name: 's', state: 'running', startedAt, processId, progress: 0 };
      await writeFile(join(folder, 'status.json'), JSON.stringify(status));
      const whole = { ...identityOf(processId), host: hostname(), token: 't', since: startedAt, ...lease };
      if (lease) await writeFile(join(folder, 'lease.json'), JSON.stringify(whole));
      await runs.refresh();
      return folder;
    }

    it('stops and deletes without touching it, where no lease or one of an earlier process is there', async () => {
      for (const lease of [undefined, { started: 'long ago' }]) {
        const folder = await store(lease);
        assert.equal(runs.get(folder)!.status.state, 'interrupted');
        await runs.stop(folder);
        await runs.remove(folder);
        assert.equal(existsSync(folder), false);
        assert.equal(isProcessAlive(stranger.pid!), true);
      }
    });

    it('respects the lease of another machine, and says how to remove it', async () => {
      const folder = await store({ host: 'elsewhere' });
      assert.equal(runs.get(folder)!.status.state, 'running');
      const words = { message: /is taken: process \d+ on the machine 'elsewhere'/, hint: /remove '.*lease\.json'/ };
      await assert.rejects(runs.stop(folder), words);
      await assert.rejects(runs.remove(folder), words);
      await assert.rejects(runs.resume(folder), words);
      assert.equal(existsSync(folder), true);
      await rm(join(folder, 'lease.json'));
      await runs.refresh();
      await runs.remove(folder);
      assert.equal(isProcessAlive(stranger.pid!), true);
    });

    it('ends the process whose lease it is', async () => {
      const folder = await store({});
      await runs.stop(folder);
      assert.equal(isProcessAlive(stranger.pid!), false);
      assert.equal(runs.get(folder)!.status.state, 'interrupted');
    });
  });

  it('lists runs where the setting says that they are', async () => {
    storeRun(join(workspaceFolder, 'results', 'a'), { id: 'a' });
    storeRun(join(workspaceFolder, '.distillery', 'runs', 'b'), { id: 'b' });
    const elsewhere = new Runs({
      trainerProgram: '',
      orphanMinutes: () => 10,
      runFolder: () => 'results',
      onChange: () => undefined,
      onEnd: () => undefined,
      onRefused: () => undefined,
      onError: () => undefined,
    });
    await elsewhere.refresh([workspaceFolder]);
    assert.deepEqual(
      elsewhere.all.map(({ status }) => status.id),
      ['a'],
    );
    assert.equal(elsewhere.newFolder(workspaceFolder, 'x').startsWith(join(workspaceFolder, 'results')), true);
    elsewhere.dispose();
  });

  it('passes over folders that are no runs, and removes runs', async () => {
    const folder = await start('finish');
    await mkdir(join(workspaceFolder, '.distillery', 'runs', 'half-written'));
    await until(() => ended.length === 1);
    await runs.refresh();
    assert.equal(runs.all.length, 1);
    await runs.remove(folder);
    assert.deepEqual(runs.all, []);
    assert.equal(existsSync(folder), false);
  });
});
