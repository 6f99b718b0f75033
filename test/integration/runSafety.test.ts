import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Report } from '../../src/report/report.ts';
import { cliProgram } from '../support/programs.ts';

const tiny = {
  teacher: null,
  dataset: { path: 'data.csv', scaling: 'none' },
  student: { architecture: 'mlp', hidden: [8] },
  training: { epochs: 3, batchSize: 16 },
  device: 'cpu',
  baseline: false,
};
const long = { ...tiny, training: { epochs: 100_000, batchSize: 16 } };

/** A table of two classes. @param seed of the values */
function table(seed: number, labelOf: (row: number) => string = (row) => (row % 2 === 0 ? 'even' : 'odd')): string {
  const value = (row: number, column: number): string => Math.sin(seed + row * 7.1 + column * 3.3).toFixed(4);
  const rows = Array.from({ length: 200 }, (_, row) => `${value(row, 0)},${value(row, 1)},${labelOf(row)}`);
  return `a,b,class\n${rows.join('\n')}\n`;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

describe('a run that something is in the way of', function () {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-safety-'));
    writeFileSync(join(folder, 'data.csv'), table(1));
    write(tiny);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function write(experiment: unknown): void {
    writeFileSync(join(folder, 'e.distill.json'), JSON.stringify(experiment));
  }

  function start(args: readonly string[], before: readonly string[] = []): ChildProcess {
    const [command = '', ...rest] = [...before, process.execPath, ...cliProgram, ...args];
    return spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  const run = (out: string, before?: readonly string[]): ChildProcess =>
    start(['run', join(folder, 'e.distill.json'), '--out', join(folder, out), '--quiet'], before);

  async function ended(child: ChildProcess): Promise<Ended> {
    const [out, error] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
    return { code: child.exitCode, out, error };
  }

  function statusOf(out: string): { state: string; reason?: string; problems?: { message: string }[] } {
    return JSON.parse(readFileSync(join(folder, out, 'status.json'), 'utf8')) as ReturnType<typeof statusOf>;
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await wait(20);
  }

  const hasStudent = (out: string): boolean => {
    const metrics = join(folder, out, 'metrics.jsonl');
    return existsSync(metrics) && readFileSync(metrics, 'utf8').includes('"epoch":2');
  };

  function assertNoStack(error: string): void {
    assert.doesNotMatch(error, /^\s+at /m);
  }

  it('by a file where its folder should be is refused in one sentence', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, error } = await ended(run('file/x'));
    assert.equal(code, 2, error);
    assert.match(error, /--out +'.*file' is a file, not a folder, so there can be no folder '.*file\/x'/s);
    assertNoStack(error);
  });

  it('by a full disk that its output goes to fails in one sentence', async function () {
    if (process.platform !== 'linux') this.skip();
    const { code, error } = await ended(start(['schema'], ['bash', '-c', 'exec "$@" > /dev/full', 'bash']));
    assert.equal(code, 1, error);
    assert.equal(error, "'standard output' cannot be written: the disk is full.\n");
  });

  it('by another start into its folder is refused, naming the process, and the other one goes on', async () => {
    const [one, other] = [run('two'), run('two')];
    const results = await Promise.all([ended(one), ended(other)]);
    assert.deepEqual(results.map(({ code }) => code).toSorted(), [0, 2], JSON.stringify(results));
    const winner = results[0].code === 0 ? one : other;
    const refused = results.find(({ code }) => code === 2)!;
    assert.match(refused.error, new RegExp(`process ${winner.pid} has been writing a run to it since`));
    assertNoStack(refused.error);
    assert.equal(statusOf('two').state, 'finished');
    assert.deepEqual(
      readdirSync(join(folder, 'two')).filter((name) => /^lease|\.tmp$/.test(name)),
      [],
    );
    assert.equal(readdirSync(join(folder, 'two', 'tensorboard', 'student')).length, 1);
  });

  it('by a terminal that is closed stops, and keeps its student', async () => {
    write(long);
    const child = run('hup');
    const result = ended(child);
    await until(() => hasStudent('hup'));
    child.kill('SIGHUP');
    child.kill('SIGHUP');
    const { code, error } = await result;
    assert.equal(code, 130, error);
    const { state, reason } = statusOf('hup');
    assert.equal(state, 'cancelled');
    assert.equal(reason, 'Stopped, because the terminal was closed.');
    assert.ok(existsSync(join(folder, 'hup', 'student.onnx')));
  });

  it('by a limit on the size of files fails in one sentence, and can go on', async function () {
    if (process.platform === 'win32') this.skip();
    write({ ...tiny, student: { architecture: 'mlp', hidden: [4000] } });
    const limited = ['bash', '-c', 'ulimit -f 40; exec "$@"', 'bash'];
    const { code, error } = await ended(run('full', limited));
    assert.equal(code, 1, error);
    assert.match(error, /^'.*' cannot be written: it is larger than a file may be here .*\n$/);
    assertNoStack(error);
    const { state, problems } = statusOf('full');
    assert.equal(state, 'failed');
    assert.match(problems![0]!.message, /larger than a file may be/);
    assert.equal(existsSync(join(folder, 'full', 'lease.json')), false);
    const again = await ended(start(['resume', join(folder, 'full'), '--quiet']));
    assert.equal(again.code, 0, again.error);
    assert.equal(statusOf('full').state, 'finished');
  });

  it('by a folder that may not be written to is refused in a sentence that names --out', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const home = join(folder, 'read-only');
    mkdirSync(home);
    for (const name of ['e.distill.json', 'data.csv']) {
      writeFileSync(join(home, name), readFileSync(join(folder, name)));
    }
    chmodSync(folder, 0o755);
    chmodSync(home, 0o555);
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const args = ['-c', `cd ${home} && exec "$@"`, 'bash', process.execPath, ...cliProgram];
    const child = spawn(nobody[0]!, [...nobody.slice(1), 'bash', ...args, 'run', 'e.distill.json', '--quiet'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, error } = await ended(child);
    assert.equal(code, 2, error);
    assert.match(error, /^The run has no folder: '.*' cannot be written to: this user may not\. .*--out.*\n$/);
  });

  describe('and that goes on with other data', () => {
    async function interrupted(): Promise<void> {
      write({ ...tiny, training: { epochs: 300, batchSize: 16 } });
      const child = run('run');
      await until(() => hasStudent('run'));
      child.kill('SIGKILL');
      await ended(child);
    }
    const resume = (...options: string[]): Promise<Ended> =>
      ended(start(['resume', join(folder, 'run'), '--quiet', ...options]));

    it('is refused in words that name what changed; --force goes on, and the report says so', async () => {
      await interrupted();
      const before = readFileSync(join(folder, 'run', 'status.json'), 'utf8');
      writeFileSync(
        join(folder, 'data.csv'),
        table(1, (row) => (row % 3 === 0 ? 'even' : 'odd')),
      );
      const labels = await resume();
      assert.equal(labels.code, 2, labels.error);
      assert.match(labels.error, /The labels of the training split are not what the run began with\./);
      assert.match(labels.error, /--force/);
      assert.equal(readFileSync(join(folder, 'run', 'status.json'), 'utf8'), before, 'the folder stays as it is');
      writeFileSync(join(folder, 'data.csv'), table(2));
      const samples = await resume();
      assert.equal(samples.code, 2);
      assert.match(samples.error, /The samples of the training split are not what the run began with\./);
      assert.match(samples.error, /The samples of the test split are not what the run began with\./);
      const forced = await resume('--force');
      assert.equal(forced.code, 0, forced.error);
      const report = JSON.parse(readFileSync(join(folder, 'run', 'report.json'), 'utf8')) as Report;
      assert.ok(report.changedInputs.includes('samples of the training split'));
      assert.match(forced.out.replaceAll(/\s+/g, ' '), /another samples of the training split than it began with/);
    });

    it('goes on without a word when nothing changed', async () => {
      await interrupted();
      const { code, error } = await resume();
      assert.equal(code, 0, error);
      const report = JSON.parse(readFileSync(join(folder, 'run', 'report.json'), 'utf8')) as Report;
      assert.deepEqual(report.changedInputs, []);
    });
  });
});
