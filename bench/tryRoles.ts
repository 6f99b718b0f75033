// Tries every .onnx file below a folder as a teacher, a student, an extractor and to be shrunk: npm run models:roles -- FOLDER [--data FILE] [WORD …]
// Each is a run of a few steps on samples drawn for the file's inputs, or on those of an .npz of the same name. A JSON file named by --data has datasets
// for some files, by name without ending. Where `NAME.step.npz` lies beside the dataset (or the file), what the student gives before and after one step of plain
// gradient descent at rate 0.05 on all samples is compared with its arrays y0 and y1 (or y1f, where batch normalisation was folded).
// Printed is what became of each role; a WORD selects the files whose paths contain it.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { randomStream } from '../src/data/random.ts';
import { parseNpz } from '../src/data/formats/arrays/npz.ts';
import type { NpyArray } from '../src/data/formats/arrays/npy.ts';
import { BadInputError, messageOf } from '../src/errors.ts';
import { InferenceSession, Tensor } from '../src/platform/onnxRuntime.ts';
import type { RunEvent } from '../src/protocol/events.ts';
import { runExperiment } from '../src/run/runExperiment.ts';

const ROLES = ['teacher', 'student', 'extractor', 'shrink'] as const;
type Role = (typeof ROLES)[number];
const SAMPLES = { train: 48, val: 24, test: 24 } as const;
const OPEN_SIZE = 8;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, role: { type: 'string', multiple: true }, verbose: { type: 'boolean' } },
});
const [folder = '.', ...words] = positionals;
const scratch = mkdtempSync(join(tmpdir(), 'distillery-roles-'));
const named = (values.data ? JSON.parse(readFileSync(values.data, 'utf8')) : {}) as Record<string, Given>;

/** A dataset, and what else an experiment on it says. */
interface Given {
  readonly dataset: { readonly path: string };
  readonly student?: object;
  readonly teacher?: object;
  readonly batchSize?: number;
  /** What a student that is taught learns; by default a classifier's. */
  readonly objective?: object;
}

function npy(shape: readonly number[], data: Float32Array | BigInt64Array | Uint8Array): Uint8Array {
  const kind = data instanceof Float32Array ? '<f4' : data instanceof Uint8Array ? '|u1' : '<i8';
  const text = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(118 - 1)}\n`;
  const bytes = Buffer.alloc(10);
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(header.length, 8);
  return Buffer.concat([bytes, Buffer.from(header), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

async function drawn(path: string): Promise<Given> {
  const beside = path.replace(/\.onnx$/, '.npz');
  if (existsSync(beside)) return { dataset: { path: beside } };
  const session = await InferenceSession.create(path, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  const inputs = session.inputMetadata.flatMap((each) => (each.isTensor ? [each] : []));
  const [first] = inputs;
  if (!first) throw new Error('no input');
  const batch = typeof first.shape[0] === 'number' && first.shape[0] > 0 ? first.shape[0] : 1;
  const shapeOf = (shape: readonly (number | string)[]): number[] =>
    shape
      .slice(1)
      .map((size, axis) =>
        typeof size === 'number' && size > 0 ? size : axis > 0 && shape.length === 4 ? 32 : OPEN_SIZE,
      );
  const random = randomStream(0, path);
  const draw = (type: string, count: number): Float32Array | Uint8Array | BigInt64Array => {
    if (type === 'uint8') return Uint8Array.from({ length: count }, () => random.uniform(0, 256));
    if (type === 'int64') return BigInt64Array.from({ length: count }, () => BigInt(random.integer(2)));
    return Float32Array.from({ length: count }, () => random.normal());
  };
  const elements = (shape: readonly number[]): number => shape.reduce((product, each) => product * each, 1);
  let classes = 10;
  try {
    const feeds = inputs.map(({ name, type, shape }) => {
      const sizes = [batch, ...shapeOf(shape)];
      const data = type === 'float16' ? new Uint16Array(elements(sizes)) : draw(type, elements(sizes));
      return [name, new Tensor(type as 'float32', data as Float32Array, sizes)] as const;
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    const [given] = session.outputNames.map((name) => outputs[name]).filter((each) => each?.dims.length === 2);
    if (given) classes = given.dims[1] ?? 10;
    if (classes === 1) classes = 2;
  } finally {
    await session.release();
  }
  const arrays: Record<string, Uint8Array> = {};
  for (const [split, count] of Object.entries(SAMPLES)) {
    for (const { name, type, shape } of inputs) {
      const sizes = [count, ...shapeOf(shape)];
      arrays[`x_${inputs.length > 1 ? `${name}_` : ''}${split}.npy`] = npy(sizes, draw(type, elements(sizes)));
    }
    arrays[`y_${split}.npy`] = npy(
      [count],
      BigInt64Array.from({ length: count }, (_, at) => BigInt(at % classes)),
    );
  }
  const target = join(scratch, `${basename(path, '.onnx')}.npz`);
  writeFileSync(target, zipSync(arrays, { level: 0 }));
  return { dataset: { path: target } };
}

function experimentOf(role: Role, path: string, given: Given): object {
  const training = {
    optimizer: 'sgd',
    momentum: 0,
    learningRate: 0.05,
    schedule: 'constant',
    epochs: 1,
    seed: 0,
    batchSize: given.batchSize ?? (role === 'student' ? SAMPLES.train : 20),
  };
  const labels = [{ loss: 'labels', weight: 1 }];
  const imitate = [
    { loss: 'kd', temperature: 4, weight: 0.9 },
    { loss: 'labels', weight: 0.1 },
  ];
  const common = { dataset: { normalization: 'none', ...given.dataset }, training, baseline: false, device: 'cpu' };
  const model = { model: path, ...given.teacher };
  switch (role) {
    case 'teacher':
      return {
        ...common,
        teacher: model,
        student: given.student ?? { architecture: 'mlp', hidden: [4] },
        objective: given.objective ?? imitate,
      };
    case 'student':
      return { ...common, teacher: null, student: { model: path }, objective: labels };
    case 'extractor':
      return { ...common, teacher: null, student: { extractor: path, head: { hidden: [] } }, objective: labels };
    case 'shrink':
      return { ...common, teacher: model, student: { shrink: 0.5 }, objective: imitate };
  }
}

function stepOf(path: string, given: Given): ReadonlyMap<string, NpyArray> | undefined {
  const name = `${basename(path, '.onnx')}.step.npz`;
  const found = [dirname(path), dirname(given.dataset.path), join(dirname(path), 'data')]
    .map((each) => join(each, name))
    .find(existsSync);
  return found === undefined ? undefined : parseNpz(readFileSync(found), name, () => true);
}

/** The numbers of one input, as its type has them. */
function tensorFor(type: string, { values, shape }: NpyArray): Tensor {
  if (type === 'int64') return new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
  if (type === 'uint8') return new Tensor('uint8', Uint8Array.from(values), shape);
  return new Tensor('float32', Float32Array.from(values), shape);
}

async function give(model: string, data: ReadonlyMap<string, NpyArray>): Promise<Float64Array> {
  const session = await InferenceSession.create(model, { logSeverityLevel: 4, intraOpNumThreads: 1 });
  try {
    const feeds = session.inputMetadata.flatMap(({ name, ...input }) => {
      const samples = data.get(`x_${name}_test`) ?? data.get('x_test');
      return samples && input.isTensor ? [[name, tensorFor(input.type, samples)] as const] : [];
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    const name = session.outputNames[0] ?? '';
    return Float64Array.from(outputs[name]?.data as Float32Array);
  } finally {
    await session.release();
  }
}

/** The largest of the differences; infinite where one has other places than the other, or no number. */
function difference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const differences = Array.from(one, (value, at) => Math.abs(value - (other[at] ?? Number.NaN)));
  const isWhole = one.length === other.length && differences.every((each) => !Number.isNaN(each));
  return isWhole ? differences.reduce((most, each) => Math.max(most, each), 0) : Infinity;
}

async function compareStep(path: string, runFolder: string, given: Given): Promise<string> {
  const step = stepOf(path, given);
  if (!step || !given.dataset.path.endsWith('.npz')) return '';
  const y0 = step.get('y0');
  if (!y0) return '';
  const after = await give(
    join(runFolder, 'student.onnx'),
    parseNpz(readFileSync(given.dataset.path), 'data', () => true),
  );
  const told = ['y1', 'y1f'].flatMap((name) => {
    const wanted = step.get(name);
    return wanted ? [`${name} ${difference(after, wanted.values).toExponential(1)}`] : [];
  });
  const moved = difference(y0.values, step.get('y1')?.values ?? []);
  return ` step: ${told.join(', ')} of ${moved.toExponential(1)}`;
}

async function tryRole(role: Role, path: string, given: Given): Promise<string> {
  const runFolder = join(scratch, 'run');
  rmSync(runFolder, { recursive: true, force: true });
  const told: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'warning') told.push(`warning: ${event.problem.message}`);
  };
  try {
    const result = await runExperiment(experimentOf(role, path, given), {
      folder: runFolder,
      baseDirectory: dirname(path),
      signal: new AbortController().signal,
      onEvent,
    });
    let line: string = result.state;
    if (role === 'student') line += await compareStep(path, runFolder, given);
    if (role === 'teacher' && result.state === 'finished') {
      const { accuracy, loss } = result.report.teacher?.test ?? {};
      line += ` ${typeof accuracy === 'number' ? `accuracy ${accuracy}` : `loss ${loss}`}`;
    }
    if (role === 'shrink' && result.state === 'finished')
      line += ` ${result.report.teacher?.parameters} → ${result.report.student.parameters}`;
    return [line, ...(values.verbose || role === 'shrink' ? told : [])].join('\n      ');
  } catch (error) {
    if (error instanceof BadInputError)
      return error.problems
        .map(({ where, message, hint }) => `REFUSED ${where}: ${message} | ${hint ?? ''}`)
        .join('\n      ');
    return `FAILED ${messageOf(error)}${'hint' in (error as object) ? ` | ${String((error as { hint?: string }).hint)}` : ` ${(error as Error).stack ?? ''}`}`;
  }
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.onnx') && (words.length === 0 || words.some((word) => file.includes(word))))
  .sort();
const roles = values.role ?? ROLES;
try {
  for (const file of files) {
    const path = resolve(folder, file);
    console.log(file);
    let given: Given;
    try {
      given = named[basename(path, '.onnx')] ?? (await drawn(path));
    } catch (error) {
      console.log(`  no data: ${messageOf(error)}`);
      continue;
    }
    for (const role of ROLES) if (roles.includes(role)) console.log(`  ${role}: ${await tryRole(role, path, given)}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
