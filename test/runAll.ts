/**
 * Runs every test: files in parallel processes, each on one core, with VS Code and what is checked without running anything beside them.
 * Ends on the sums. Long sweeps are sampled and what takes minutes is tried in a short form, unless it is called with `--full`.
 *
 * Environment: `DISTILLERY_TEST_JOBS` says how many that keep a core busy run at the same time; by default as many as there are cores.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { FULL_VARIABLE } from './support/full.ts';
import { SLOW_FILES } from './support/slowFiles.ts';

interface Job {
  readonly name: string;
  readonly command: readonly string[];
  /** About how long it takes on a core that it has for itself. */
  readonly seconds: number;
  /** Whether it stays on one core. VS Code has more processes than that. */
  readonly pinned: boolean;
}

/** Seconds of tests that one process is given, about: starting one takes some seconds, and the last to end is waited for. */
const SECONDS_OF_A_JOB = 45;
/** What a byte of tests takes where nothing is known of its file. */
const SECONDS_PER_BYTE = { unit: 6e-5, integration: 1.5e-3 } as const;

/** The test files below a folder, in order. */
function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}

// Mocha's own program would start another one that compiles TypeScript.
const mocha = ['--import', 'tsx', 'node_modules/mocha/lib/cli/cli.js', '--no-package', '--config', '.mocharc.json'];

function testJobs(kind: keyof typeof SECONDS_PER_BYTE): readonly Job[] {
  const jobs: Job[] = [];
  let files: string[] = [];
  let seconds = 0;
  const close = (): void => {
    const [first] = files;
    if (first === undefined) return;
    const name = files.length === 1 ? first : `${first} and on (${files.length} files)`;
    jobs.push({ name, command: [...mocha, ...files], seconds, pinned: true });
    files = [];
    seconds = 0;
  };
  for (const file of testFiles(`test/${kind}`)) {
    const takes = SLOW_FILES.get(file.replaceAll('\\', '/')) ?? statSync(file).size * SECONDS_PER_BYTE[kind];
    if (seconds + takes > 1.5 * SECONDS_OF_A_JOB) close();
    files.push(file);
    seconds += takes;
    if (seconds > SECONDS_OF_A_JOB) close();
  }
  close();
  return jobs;
}

/** What is checked without running anything, and about how long each takes. */
const checkJobs = Object.entries({ rooms: 25, lint: 12, types: 12, dead: 5, operators: 5, format: 2 }).map(
  ([name, seconds]): Job => ({ name, command: ['scripts/check.mjs', name], seconds, pinned: false }),
);

// The longest first, so that nobody waits for the last one.
const jobs: readonly Job[] = [
  { name: 'VS Code, flows', command: ['--import', 'tsx', 'test/e2e/run.ts', 'flows'], seconds: 330, pinned: false },
  { name: 'VS Code, suite', command: ['--import', 'tsx', 'test/e2e/run.ts', 'suite'], seconds: 50, pinned: false },
  ...checkJobs,
  ...testJobs('integration'),
  ...testJobs('unit'),
].toSorted((a, b) => b.seconds - a.seconds);

if (process.argv.includes('--full')) process.env[FULL_VARIABLE] = '1';
// `npm test` has just built it. Programs that tests start are taken from there: they start in a fraction of the time.
process.env['DISTILLERY_PROGRAMS'] = resolve('dist');

const cores = availableParallelism();
const atOnce = Number(process.env['DISTILLERY_TEST_JOBS'] ?? cores);
const canPin = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;
const failed: string[] = [];
const queue = [...jobs];
/** Why tests were skipped, each reason once. */
const skipped = new Set<string>();
/** What was tested in a short form. */
const shortened = new Set<string>();

/** The next job of a kind, or of the other one where none of it is left. */
function nextJob(pinned: boolean): Job | undefined {
  const place = queue.findIndex((job) => job.pinned === pinned);
  return queue.splice(Math.max(place, 0), 1)[0];
}

/**
 * Takes one job after the other.
 * @param core on which its tests run, so that each uses one thread; undefined: whatever core is free
 */
async function work(core: number | undefined): Promise<void> {
  const pinned = core !== undefined;
  for (let job = nextJob(pinned); job; job = nextJob(pinned)) {
    const started = Date.now();
    const node = [process.execPath, ...job.command];
    const pin = canPin && job.pinned && pinned && atOnce > 1 ? ['taskset', '-c', String(core % cores)] : [];
    const [program = process.execPath, ...options] = [...pin, ...node];
    const { status, output } = await new Promise<{ status: number | null; output: string }>((resolve) => {
      const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
      const parts: Buffer[] = [];
      child.stdout.on('data', (part: Buffer) => parts.push(part));
      child.stderr.on('data', (part: Buffer) => parts.push(part));
      child.on('error', (error) => parts.push(Buffer.from(String(error))));
      child.on('close', (code) => {
        resolve({ status: code, output: Buffer.concat(parts).toString() });
      });
    });
    if (status !== 0) failed.push(job.name);
    for (const [, reason = ''] of output.matchAll(/^\s*skipped: (.*)$/gm)) skipped.add(reason);
    for (const [, what = ''] of output.matchAll(/^\s*shortened: (.*)$/gm)) shortened.add(what);
    console.log(`\n── ${job.name}: ${((Date.now() - started) / 1000).toFixed(0)} s\n${output.trim()}`);
  }
}

const begun = Date.now();
// VS Code waits more than it computes, so that its jobs, and the checks after them, go beside those that keep a core busy.
await Promise.all([work(undefined), ...Array.from({ length: atOnce }, (_, core) => work(core))]);
for (const reason of skipped) console.log(`Skipped: ${reason}`);
if (shortened.size > 0) {
  console.log('\nIn a short form, or sampled with a fixed seed; `npm run test:full` has all of it:');
  for (const what of [...shortened].toSorted()) console.log(`  ${what}`);
}
console.log(`\n${jobs.length} processes, ${((Date.now() - begun) / 60_000).toFixed(1)} minutes`);
for (const name of failed) console.log(`Failed: ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;
