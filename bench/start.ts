import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { randomStream } from '../src/data/random.ts';
import { exportModel } from '../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../src/onnx/file.ts';
import { buildStudent } from '../src/students/buildStudent.ts';
import { classifierForm } from '../src/students/networkForm.ts';

const ROUNDS = 3;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli.mjs');

/** Rows of the small table, and its columns beside the class. */
const TABLE = { rows: 700, features: 8 };

/** Something that a person types and waits for. */
interface Wait {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Most seconds to its end. */
  readonly bar: number;
  /** What the first line of a training that is told looks like, where that is timed, too. */
  readonly firstLoss?: RegExp;
}

/** How long something took, in seconds. */
interface Waited {
  readonly total: number;
  readonly firstLoss: number | undefined;
  /** What the processors worked for it, where the system tells: that others use them, too, changes it little. */
  readonly worked: number | undefined;
}

/**
 * Times what people wait for, from the command to its end, with the bundles in `dist/`: a run over a small table, the example that needs no
 * files, a look at a large model. Appends to bench/history.jsonl.
 *
 * @param words that select rows by their names
 * @returns how many bars were missed
 */
export async function benchStart(words: readonly string[]): Promise<number> {
  if (!existsSync(CLI)) throw new Error("There is no dist/cli.mjs: 'npm run build' makes it.");
  const folder = mkdtempSync(join(os.tmpdir(), 'distillery-start-'));
  let missed = 0;
  try {
    await writeInputs(folder);
    for (const wait of waits(folder)) {
      if (words.length > 0 && !words.some((word) => wait.name.toLowerCase().includes(word))) continue;
      const rounds: Waited[] = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await waitFor(wait, folder, round));
      const seconds = median(rounds.map(({ total }) => total));
      const firstLoss = wait.firstLoss && median(rounds.map((each) => each.firstLoss ?? NaN));
      const worked = Math.min(...rounds.map((each) => each.worked ?? NaN));
      const isMissed = seconds > wait.bar;
      if (isMissed) missed++;
      const early = firstLoss === undefined ? '' : `, first loss after ${firstLoss.toFixed(2)} s`;
      console.log(
        `${wait.name.padEnd(52)} ${seconds.toFixed(2).padStart(6)} s (bar ${wait.bar} s), ${worked.toFixed(2)} s of the processors${early}${isMissed ? '  MISSED' : ''}`,
      );
      const machine = {
        processor: os.cpus()[0]?.model ?? 'unknown',
        threads: os.availableParallelism(),
        load: os.loadavg()[0] ?? 0,
      };
      const line = {
        date: new Date().toISOString(),
        mode: 'start',
        name: wait.name,
        seconds,
        fastest: Math.min(...rounds.map(({ total }) => total)),
        worked: Number.isNaN(worked) ? null : worked,
        firstLoss: firstLoss ?? null,
        bar: wait.bar,
        node: process.versions.node,
        machine,
      };
      appendFileSync(new URL('history.jsonl', import.meta.url), `${JSON.stringify(line)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return missed;
}

function waits(folder: string): readonly Wait[] {
  const cli = (...args: readonly string[]): Pick<Wait, 'command' | 'args'> => ({
    command: process.execPath,
    args: [CLI, ...args],
  });
  const firstLoss = /epoch 1\//;
  return [
    {
      name: `run: a table of ${TABLE.rows} rows, one epoch`,
      ...cli('run', join(folder, 'table.distill.json')),
      bar: 2,
      firstLoss,
    },
    { name: 'inspect: a model of 100 MB', ...cli('inspect', join(folder, 'large.onnx')), bar: 1 },
    { name: 'npm start', command: 'npm', args: ['start', '--'], bar: 15, firstLoss },
  ];
}

/** Runs the command to its end. @throws Error when it fails, with what it said last */
async function waitFor({ name, command, args, firstLoss }: Wait, folder: string, round: number): Promise<Waited> {
  const isRun = firstLoss !== undefined;
  const out = isRun ? ['--out', join(folder, `${name.replace(/\W+/g, '-')}-${round}`)] : [];
  const before = childrenWorked();
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const child = spawn(command, [...args, ...out], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let first: number | undefined;
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last = line.trim() || last;
      if (firstLoss?.test(line) === true) first ??= seconds();
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} failed: ${last}`);
  const worked = childrenWorked();
  return {
    total: seconds(),
    firstLoss: first,
    worked: before === undefined || worked === undefined ? undefined : worked - before,
  };
}

/** Seconds that the processors worked for all children of this process that have ended, and for theirs; Linux tells. */
function childrenWorked(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // cutime and cstime, in hundredths of a second: the 16th and 17th field of the file, of which two were taken off.
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** A table, an experiment with it whose teacher is trained first, and a model of 25 million weights. */
async function writeInputs(folder: string): Promise<void> {
  const random = randomStream(0, 'start');
  const lines = Array.from({ length: TABLE.rows }, () => {
    const features = Array.from({ length: TABLE.features }, () => random.normal());
    return [...features.map((each) => each.toFixed(3)), (features[0] ?? 0) * (features[1] ?? 0) > 0 ? 1 : 0].join(',');
  });
  writeFileSync(join(folder, 'table.csv'), `${lines.join('\n')}\n`);
  const experiment = {
    teacher: { architecture: 'mlp', hidden: [64, 64], training: { epochs: 1 } },
    dataset: { path: 'table.csv' },
    student: { architecture: 'mlp', hidden: [32] },
    training: { epochs: 1 },
  };
  writeFileSync(join(folder, 'table.distill.json'), JSON.stringify(experiment));
  const large = buildStudent({ architecture: 'mlp', hidden: [5000, 4500] }, classifierForm([784], 10), random);
  await saveModel(join(folder, 'large.onnx'), exportModel(large, { name: 'large' }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
