import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInputError, messageOf, type Problem } from '../../../errors.ts';
import { ByteSamples } from '../../samples/byteSamples.ts';
import { allocateSamples } from '../../memory.ts';
import { pathProblem, refuseIfAny } from '../../findings/problems.ts';
import type { Format, Location, Source } from '../../source.ts';

const SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;

interface Variant {
  readonly name: string;
  readonly training: RegExp;
  readonly test: string;
  /** Bytes before the pixels; the last of them is the class. */
  readonly labelBytes: number;
  readonly classes: number;
  /** File with a class name in every line. */
  readonly names: string;
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'CIFAR-10',
    training: /^data_batch_\d+\.bin$/,
    test: 'test_batch.bin',
    labelBytes: 1,
    classes: 10,
    names: 'batches.meta.txt',
  },
  {
    name: 'CIFAR-100',
    training: /^train\.bin$/,
    test: 'test.bin',
    labelBytes: 2,
    classes: 100,
    names: 'fine_label_names.txt',
  },
];

/** The binary version of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html); of the latter the fine classes. */
export const cifarBinary = {
  description: 'CIFAR binary: a folder with data_batch_1.bin … and test_batch.bin, or with train.bin and test.bin',
  recognises: (location) => variantOf(location) !== undefined,
  open: openCifar,
} satisfies Format;

function variantOf({ file, files }: Location): Variant | undefined {
  return VARIANTS.find(({ training, test }) =>
    file === undefined ? files.some((name) => training.test(name)) : training.test(file) || file === test,
  );
}

async function openCifar(location: Location): Promise<Source> {
  const variant = variantOf(location);
  if (!variant) throw new TypeError('Opened as CIFAR what is not.');
  const { folder, files } = location;
  const training = files.filter((name) => variant.training.test(name));
  const problems: Problem[] = [];
  const read = async (names: readonly string[]): Promise<ByteSamples | undefined> =>
    samplesOf(await Promise.all(names.map((name) => readRecords(folder, name, variant, problems))), variant);
  const samples = await read(training);
  const test = files.includes(variant.test) ? await read([variant.test]) : undefined;
  refuseIfAny(problems);
  if (!samples) throw new BadInputError([pathProblem(`${folder} lacks the training files of ${variant.name}.`)]);
  return {
    format: `${variant.name} binary`,
    task: { kind: 'classification', classes: await classNames(location, variant) },
    samples: { kind: 'values' },
    sampleShape: SHAPE,
    training: samples,
    ...(test && { test }),
  };
}

/** The records of a file; empty after adding to `problems` what is wrong with it. */
async function readRecords(folder: string, name: string, variant: Variant, problems: Problem[]): Promise<Uint8Array> {
  const { labelBytes, classes } = variant;
  const size = labelBytes + PIXELS;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, name));
  } catch (error) {
    problems.push(pathProblem(`${name} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.'));
    return new Uint8Array();
  }
  if (bytes.length === 0 || bytes.length % size !== 0) {
    problems.push(
      pathProblem(`${name} has ${bytes.length} bytes, which are no whole records of ${size}.`, 'Fetch the file again.'),
    );
    return new Uint8Array();
  }
  for (let record = 0; record < bytes.length / size; record++) {
    const label = bytes[record * size + labelBytes - 1] ?? 0;
    if (label < classes) continue;
    problems.push(
      pathProblem(
        `Record ${record} of ${name} has the class ${label}, but ${variant.name} has ${classes}.`,
        'Fetch the file again.',
      ),
    );
    return new Uint8Array();
  }
  return bytes;
}

function samplesOf(files: readonly Uint8Array[], { labelBytes }: Variant): ByteSamples | undefined {
  const size = labelBytes + PIXELS;
  const count = files.reduce((sum, bytes) => sum + bytes.length / size, 0);
  if (count === 0) return undefined;
  const pixels = allocateSamples(count * PIXELS);
  const labels = new Int32Array(count);
  let sample = 0;
  for (const bytes of files) {
    for (let start = 0; start < bytes.length; start += size, sample++) {
      labels[sample] = bytes[start + labelBytes - 1] ?? 0;
      pixels.set(bytes.subarray(start + labelBytes, start + size), sample * PIXELS);
    }
  }
  return new ByteSamples(pixels, { kind: 'classes', labels }, PIXELS);
}

/** Numbers where the names do not lie beside the images. */
async function classNames({ folder, files }: Location, { classes, names }: Variant): Promise<readonly string[]> {
  if (files.includes(names)) {
    const lines = (await readFile(join(folder, names), 'utf8')).split('\n').map((line) => line.trim());
    const found = lines.filter((line) => line !== '');
    if (found.length === classes) return found;
  }
  return Array.from({ length: classes }, (_, label) => String(label));
}
