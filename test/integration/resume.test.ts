import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomStream } from '../../src/data/random.ts';
import { readRunStatus } from '../../src/launching/readRuns.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { Report } from '../../src/report/report.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { cliProgram } from '../support/programs.ts';

/** Everything that has state: moments, averages, running statistics, dropout, two trainings after the teacher's. */
const experiment = {
  teacher: { architecture: 'mlp', hidden: [256], training: { epochs: 30 } },
  dataset: { path: smallDigits(), limit: 600 },
  objective: [{ loss: 'kd', temperature: 4 }],
  student: { architecture: 'convnet', channels: [8], hidden: [16], dropout: 0.2 },
  training: {
    optimizer: 'adamw',
    clipNorm: 1,
    averageDecay: 0.99,
    epochs: 3,
    batchSize: 20,
    checkpointMinutes: 0.002,
  },
  report: { attentionSamples: 0 },
  device: 'cpu',
};

const networks = ['teacher.onnx', 'student.onnx', 'baseline.onnx'] as const;

describe('a run that is killed', function () {
  let folder: string;
  let whole: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-resume-'));
    await writeFile(join(folder, 'tiny.distill.json'), JSON.stringify(experiment));
    whole = join(folder, 'whole', 'run');
    assert.equal(await ended(start(['run', 'tiny.distill.json', '--out', whole, '--quiet'])), 0);
  });
  after(() => rm(folder, { recursive: true }));

  function start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [...cliProgram, ...args], { cwd: folder, stdio: 'ignore' });
  }

  async function ended(child: ChildProcess): Promise<number | null> {
    await once(child, 'exit');
    return child.exitCode;
  }

  async function eventsOf(run: string): Promise<RunEvent[]> {
    const text = await readFile(join(run, 'metrics.jsonl'), 'utf8').catch(() => '');
    // The last line of a run under way may not be whole.
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RunEvent);
  }

  /** What is the same in every run of the experiment: the stages and the epochs, with their losses to the last bit. */
  async function storyOf(run: string): Promise<unknown[]> {
    const events = await eventsOf(run);
    return (
      events
        .filter(({ kind }) => ['started', 'phase', 'teacher', 'epoch', 'finished'].includes(kind))
        // How busy the machine was is another thing in every run.
        .filter((event) => event.kind !== 'phase' || !event.message.startsWith('The machine was busy'))
        .map((event) => {
          return event.kind === 'started' || event.kind === 'finished' ? event.kind : event;
        })
    );
  }

  async function measuredIn(run: string): Promise<unknown> {
    const { teacher, student, baseline, agreement } = JSON.parse(
      await readFile(join(run, 'report.json'), 'utf8'),
    ) as Report;
    return [teacher?.test, student.test, student.bestEpoch, baseline?.test, agreement];
  }

  async function assertSameAsWhole(run: string): Promise<void> {
    for (const name of networks) {
      const [actual, expected] = await Promise.all([readFile(join(run, name)), readFile(join(whole, name))]);
      assert.ok(actual.equals(expected), `${name} is the same, byte by byte`);
    }
    assert.deepEqual(await storyOf(run), await storyOf(whole));
    assert.deepEqual(await measuredIn(run), await measuredIn(whole));
    for (const network of ['teacher', 'student', 'baseline']) {
      const steps = (await eventsOf(run)).flatMap((event) =>
        event.kind === 'step' && event.network === network ? [event.step] : [],
      );
      assert.deepEqual(
        steps,
        [...new Set(steps)].sort((a, b) => a - b),
        'no step is told twice',
      );
    }
    assert.equal(existsSync(join(run, 'checkpoint')), false);
    assert.deepEqual(
      (await readdir(run)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  }

  /** Kills a run as soon as its events say so, or after some time; false when it had ended before. */
  async function kill(
    child: ChildProcess,
    run: string,
    isTime: (events: readonly RunEvent[]) => boolean,
  ): Promise<boolean> {
    while (child.exitCode === null && !isTime(await eventsOf(run))) await wait(15);
    if (child.exitCode !== null) return false;
    child.kill('SIGKILL');
    await ended(child);
    assert.equal((await readRunStatus(run))?.state, 'interrupted');
    return true;
  }

  // Of steps only some are told, and on a quick machine few.
  const epochsOf = (network: string, events: readonly RunEvent[]): number =>
    events.filter((event) => event.kind === 'epoch' && event.network === network).length;

  it('in the middle of every training goes on to the very same networks, and repeats and tells nothing twice', async () => {
    const run = join(folder, 'thrice', 'run');
    const moments: readonly (readonly [string, (events: readonly RunEvent[]) => boolean])[] = [
      ['teacher', (events) => epochsOf('teacher', events) >= 1],
      ['student', (events) => epochsOf('student', events) >= 2],
      ['baseline', (events) => epochsOf('baseline', events) >= 1],
    ];
    let written: number | undefined;
    let command = ['run', 'tiny.distill.json', '--out', run, '--quiet'];
    for (const [network, isTime] of moments) {
      assert.ok(await kill(start(command), run, isTime), `was killed during ${network}`);
      command = ['resume', run, '--quiet'];
      if (network !== 'teacher') written ??= (await stat(join(run, 'teacher.onnx'))).mtimeMs;
    }
    assert.equal(await ended(start(command)), 0);
    await assertSameAsWhole(run);
    assert.equal((await stat(join(run, 'teacher.onnx'))).mtimeMs, written, 'the teacher was trained once');
  });

  it('before the first step begins anew', async () => {
    const run = join(folder, 'early', 'run');
    const isTime = (events: readonly RunEvent[]): boolean => events.some(({ kind }) => kind === 'device');
    assert.ok(await kill(start(['run', 'tiny.distill.json', '--out', run, '--quiet']), run, isTime), 'was killed');
    assert.equal(await ended(start(['resume', run, '--quiet'])), 0);
    await assertSameAsWhole(run);
  });

  it('again and again, at moments of chance, goes on to the very same networks', async () => {
    const run = join(folder, 'chance', 'run');
    const random = randomStream(Date.now(), 'moments');
    let kills = 0;
    let child = start(['run', 'tiny.distill.json', '--out', run, '--quiet']);
    for (; kills < 4; kills++) {
      const least = (await eventsOf(run)).length;
      const patience = random.uniform(0, 400);
      let seenAt: number | undefined;
      // Time counts from the first sign of life, so that loading the program is not all that is interrupted.
      const isTime = (events: readonly RunEvent[]): boolean => {
        if (events.length > 0 && events.length !== least) seenAt ??= performance.now();
        return seenAt !== undefined && performance.now() - seenAt > patience;
      };
      if (!(await kill(child, run, isTime))) break;
      child = start(['resume', run, '--quiet']);
    }
    console.log(`      killed ${kills} times`);
    if (child.exitCode === null) await ended(child);
    assert.equal(child.exitCode, 0);
    await assertSameAsWhole(run);
  });

  it('is refused when it has finished, and when there is nothing to go on with', async () => {
    assert.equal(await ended(start(['resume', whole])), 2);
    assert.equal(await ended(start(['resume', folder])), 2);
  });

  it('by SIGTERM ends with 143, and goes on as well', async () => {
    const run = join(folder, 'terminated', 'run');
    const child = start(['run', 'tiny.distill.json', '--out', run, '--quiet']);
    while (epochsOf('student', await eventsOf(run)) < 1) await wait(15);
    child.kill('SIGTERM');
    assert.equal(await ended(child), 143);
    assert.equal(await ended(start(['resume', run, '--quiet'])), 0);
    await assertSameAsWhole(run);
  });

  it('by Ctrl-C goes on as well', async () => {
    const run = join(folder, 'stopped', 'run');
    const child = start(['run', 'tiny.distill.json', '--out', run, '--quiet']);
    while (epochsOf('student', await eventsOf(run)) < 1) await wait(15);
    child.kill('SIGINT');
    assert.equal(await ended(child), 130);
    assert.equal(await ended(start(['resume', run, '--quiet'])), 0);
    await assertSameAsWhole(run);
  });
});
