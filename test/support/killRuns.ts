// Kills runs at moments of chance and has them go on: `node --import tsx test/support/killRuns.ts [KILLS] [SEED]`. With
// DISTILLERY_PROGRAMS=$PWD/dist in the environment it kills the bundle, which starts in a fifth of the time.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { randomStream } from '../../src/data/random.ts';
import { cliProgram } from './programs.ts';
import { smallDigits } from './smallDigits.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Everything that a run may be in the middle of: teacher, student, baseline, further seeds, quantised students. */
const experiment = {
  teacher: { architecture: 'mlp', hidden: [24], training: { epochs: 1 } },
  dataset: { path: smallDigits(), limit: 300 },
  student: { architecture: 'mlp', hidden: [12], dropout: 0.1 },
  training: { epochs: 3, batchSize: 20, checkpointMinutes: 0.001 },
  quantization: { staticInt8: true, dynamicInt8: true },
  repeats: 3,
  report: { attentionSamples: 0 },
  device: 'cpu',
};

export interface KilledRuns {
  /** Processes that were killed while they were at a run. */
  readonly kills: number;
  /** Of those, how many before anything said that there was a run, so that it was begun anew. */
  readonly beforeRun: number;
  /** Of those, how many after the run had said that it has finished. */
  readonly afterEnd: number;
  /** Runs that came to their end. */
  readonly runs: number;
  /** What went otherwise than it should, one sentence each. */
  readonly faults: readonly string[];
}

/**
 * Runs a small experiment again and again and kills it (SIGKILL) at moments of chance until `kills` processes were killed; each
 * goes on after that, and ends with the very same student and figures as a run that nobody killed.
 */
export async function killRuns(kills: number, seed: number, tell: (line: string) => void): Promise<KilledRuns> {
  const folder = await mkdtemp(join(tmpdir(), 'distillery-kills-'));
  const random = randomStream(seed, 'kills');
  const faults: string[] = [];
  const count = { kills: 0, beforeRun: 0, afterEnd: 0, runs: 0 };
  const start = (args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [...cliProgram, ...args, '--quiet'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const file = join(folder, 'small.distill.json');
  try {
    await writeFile(file, JSON.stringify(experiment));
    // A network's metadata name its run, which is the folder's name.
    const whole = join(folder, 'whole', 'run');
    const began = performance.now();
    const complaint = await complaintOf(start(['run', file, '--out', whole]));
    if (complaint !== undefined) return { ...count, faults: [`The whole run failed: ${complaint}`] };
    const wholeMs = performance.now() - began;
    const expected = await resultOf(whole);
    while (count.kills < kills) {
      const run = join(folder, String(count.runs), 'run');
      let child = start(['run', file, '--out', run]);
      // Most processes are killed, so that a run is killed several times.
      while (count.kills < kills && random.uniform(0, 1) < 0.9) {
        // A process that goes on is not at the beginning, so that short times meet the end as well.
        const moment = (random.uniform(0, 1) ** 2 * wholeMs) / 3;
        const closed = once(child, 'close');
        await Promise.race([closed, wait(moment)]);
        if (child.exitCode !== null) break;
        child.kill('SIGKILL');
        await closed;
        count.kills++;
        const state = await stateOf(run);
        if (state === undefined) count.beforeRun++;
        if (state === 'finished') count.afterEnd++;
        tell(`kill ${count.kills} after ${Math.round(moment)} ms: ${state ?? 'no run yet'}`);
        const isOver = state === 'finished' && !existsSync(join(run, 'checkpoint', 'progress.json'));
        if (isOver) break;
        child = start(state === undefined ? ['run', file, '--out', run] : ['resume', run]);
      }
      const known = faults.length;
      const said = child.signalCode === null ? await complaintOf(child) : undefined;
      if (said !== undefined) faults.push(`run ${count.runs} could not go on: ${said}`);
      else faults.push(...(await differences(run, expected)).map((what) => `run ${count.runs}: ${what}`));
      count.runs++;
      for (const fault of faults.slice(known)) tell(fault);
      tell(`run ${count.runs} has ended`);
      await rm(run, { recursive: true, force: true });
    }
    return { ...count, faults };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a process said on its standard error when it failed; undefined when it did not. */
async function complaintOf(child: ChildProcess): Promise<string | undefined> {
  const said = child.stderr ? text(child.stderr) : Promise.resolve('');
  if (child.exitCode === null) await once(child, 'close');
  return child.exitCode === 0 ? undefined : `exit ${child.exitCode}, ${await said}`;
}

async function stateOf(run: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(run, 'status.json'), 'utf8')) as { state: string }).state;
  } catch {
    return undefined;
  }
}

/** Everything that a run ends with and that does not depend on time: files by their hash, the figures, the epochs. */
async function resultOf(run: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(run)).filter((name) => name !== 'lease.json' && name !== 'repeats');
  const result = new Map([['files', names.toSorted().join(' ')]]);
  for (const name of names.filter((name) => name.endsWith('.onnx'))) {
    result.set(
      name,
      createHash('sha256')
        .update(await readFile(join(run, name)))
        .digest('hex'),
    );
  }
  const events = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  result.set('the epochs', events.filter((line) => /"kind":"(epoch|teacher)"/.test(line)).join('\n'));
  const report = JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as Record<string, Network | null> & {
    readonly seeds: unknown;
    readonly agreement: unknown;
    readonly gainInterval: unknown;
    readonly variants: readonly unknown[];
  };
  const figures = [report['teacher']?.test, report['student']?.test, report['baseline']?.test];
  const qualities = report.variants.map((variant) => (variant as Network).test);
  result.set('the report', JSON.stringify([figures, qualities, report.seeds, report.agreement, report.gainInterval]));
  return result;
}

interface Network {
  readonly test: unknown;
}

async function differences(run: string, expected: ReadonlyMap<string, string>): Promise<readonly string[]> {
  try {
    const result = await resultOf(run);
    return [...expected].flatMap(([name, value]) => {
      const found = result.get(name);
      if (found === value) return [];
      return [name === 'files' ? `it left ${found}, not ${value}` : `${name} is another`];
    });
  } catch (error) {
    return [`what it left cannot be read (${String(error)})`];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kills = '100', seed = '0'] = process.argv.slice(2);
  const result = await killRuns(Number(kills), Number(seed), console.log);
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = result.faults.length === 0 ? 0 : 1;
}
