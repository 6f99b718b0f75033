import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../src/data/random.ts';
import { runExperiment } from '../src/run/runExperiment.ts';
import { exportModel } from '../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../src/onnx/file.ts';
import { buildStudent } from '../src/students/buildStudent.ts';
import { classifierForm } from '../src/students/networkForm.ts';

const SIDE = 28;
const CLASSES = 10;
const SAMPLES = { train: 60_000, t10k: 10_000 } as const;
/** Share of a run's time that the second run may spend on the teacher's outputs. */
const BAR = 0.01;

/** What a run took, in seconds. */
interface Times {
  /** From the start to the first loss that is told. */
  readonly firstLoss: number;
  readonly teacherOutputs: number;
  readonly total: number;
}

/**
 * Runs an experiment of MNIST's size twice, the second time with the teacher's outputs on the disk, and prints what they took. Appends to
 * bench/history.jsonl.
 *
 * @returns how many bars were missed
 */
export async function benchTeacherOutputs(): Promise<number> {
  const folder = mkdtempSync(join(os.tmpdir(), 'distillery-bench-'));
  try {
    for (const [name, count] of Object.entries(SAMPLES)) writeImages(folder, name, count);
    const form = classifierForm([SIDE * SIDE], CLASSES);
    const teacher = buildStudent({ architecture: 'mlp', hidden: [1200, 1200] }, form, randomStream(0, 'teacher'));
    await saveModel(join(folder, 'teacher.onnx'), exportModel(teacher, { name: 'teacher' }));
    const first = await run(folder);
    const second = await run(folder);
    const share = second.teacherOutputs / second.total;
    const isMissed = share > BAR;
    console.log(
      `${'first loss of a run'.padEnd(40)} ${first.firstLoss.toFixed(2)} s; with outputs on the disk ${second.firstLoss.toFixed(2)} s`,
    );
    console.log(
      `${"teacher's outputs in the second run".padEnd(40)} ${second.teacherOutputs.toFixed(3)} s, ${(100 * share).toFixed(2)} % of ${second.total.toFixed(1)} s (bar ${100 * BAR} %)${isMissed ? '  MISSED' : ''}`,
    );
    const machine = {
      processor: os.cpus()[0]?.model ?? 'unknown',
      threads: os.availableParallelism(),
      load: os.loadavg()[0] ?? 0,
    };
    const line = {
      date: new Date().toISOString(),
      mode: 'teacher',
      name: "teacher's outputs",
      first,
      second,
      share,
      bar: BAR,
      machine,
    };
    appendFileSync(new URL('history.jsonl', import.meta.url), `${JSON.stringify(line)}\n`);
    return isMissed ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(folder: string): Promise<Times> {
  const experiment = {
    teacher: { model: 'teacher.onnx' },
    dataset: { path: '.' },
    student: { architecture: 'mlp', hidden: [100] },
    training: { epochs: 5, batchSize: 128 },
    baseline: false,
    device: 'cpu',
  };
  const start = performance.now();
  let firstLoss: number | undefined;
  const result = await runExperiment(experiment, {
    folder: join(folder, 'run'),
    baseDirectory: folder,
    cacheFolder: join(folder, 'cache'),
    signal: new AbortController().signal,
    onEvent: ({ kind }) => {
      if (kind === 'step') firstLoss ??= (performance.now() - start) / 1000;
    },
  });
  if (result.state !== 'finished') throw new Error('The run did not finish.');
  const { teacherOutputs, total } = result.report.seconds;
  return { firstLoss: firstLoss ?? NaN, teacherOutputs, total };
}

/** Images of noise, and labels, as MNIST's files hold them. */
function writeImages(folder: string, name: string, count: number): void {
  const random = randomStream(count, 'images');
  const header = (...numbers: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(4 * numbers.length);
    numbers.forEach((number, index) => bytes.writeUInt32BE(number, 4 * index));
    return bytes;
  };
  const words = new Uint32Array((count * SIDE * SIDE) / 4);
  random.fillWords(words);
  const images = Buffer.concat([header(0x803, count, SIDE, SIDE), Buffer.from(words.buffer)]);
  writeFileSync(join(folder, `${name}-images-idx3-ubyte`), images);
  const labels = Uint8Array.from({ length: count }, (_, index) => index % CLASSES);
  writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), Buffer.concat([header(0x801, count), labels]));
}
