import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { classesOf } from '../../../../../src/data/task.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, datasetOptions, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

const DOUBLE = { element: 9, kind: 6, size: 8 } as const;
const BYTE = { element: 2, kind: 9, size: 1 } as const;

function element(type: number, content: Buffer, little: boolean): Buffer {
  const head = Buffer.alloc(8);
  if (little) {
    head.writeUInt32LE(type, 0);
    head.writeUInt32LE(content.length, 4);
  } else {
    head.writeUInt32BE(type, 0);
    head.writeUInt32BE(content.length, 4);
  }
  return Buffer.concat([head, content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
}

/** A variable as MATLAB stores it: the first axis closest together. */
function variable(
  name: string,
  shape: readonly number[],
  values: readonly number[],
  type: typeof DOUBLE | typeof BYTE,
  little = true,
): Buffer {
  const words = (numbers: readonly number[]) => {
    const bytes = Buffer.alloc(4 * numbers.length);
    for (const [index, number] of numbers.entries()) {
      if (little) bytes.writeInt32LE(number, 4 * index);
      else bytes.writeInt32BE(number, 4 * index);
    }
    return bytes;
  };
  const numbers = Buffer.alloc(type.size * values.length);
  for (const [index, value] of values.entries()) {
    if (type === BYTE) numbers.writeUInt8(value, index);
    else if (little) numbers.writeDoubleLE(value, 8 * index);
    else numbers.writeDoubleBE(value, 8 * index);
  }
  const parts = [
    element(6, words([type.kind, 0]), little),
    element(5, words(shape), little),
    element(1, Buffer.from(name), little),
    element(type.element, numbers, little),
  ];
  return element(14, Buffer.concat(parts), little);
}

function numbersAs32Bits(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => bytes.writeInt32LE(value, 4 * at));
  return bytes;
}

/** A matrix of characters, a text in each row, in UTF-8 as SciPy writes it or in UTF-16 as MATLAB does. */
function characters(name: string, texts: readonly string[], isWide: boolean): Buffer {
  const width = Math.max(...texts.map(({ length }) => length));
  const text = Array.from({ length: width }, (_, at) => texts.map((each) => each[at] ?? ' ').join('')).join('');
  const parts = [
    element(6, numbersAs32Bits(4, 0), true),
    element(5, numbersAs32Bits(texts.length, width), true),
    element(1, Buffer.from(name), true),
    isWide ? element(4, Buffer.from(text, 'utf16le'), true) : element(16, Buffer.from(text), true),
  ];
  return element(14, Buffer.concat(parts), true);
}

function cells(name: string, inside: readonly Buffer[]): Buffer {
  const parts = [
    element(6, numbersAs32Bits(1, 0), true),
    element(5, numbersAs32Bits(inside.length, 1), true),
    element(1, Buffer.from(name), true),
    ...inside,
  ];
  return element(14, Buffer.concat(parts), true);
}

function matFile(variables: readonly Buffer[], { little = true, packed = false } = {}): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file');
  header.write(little ? '\u0000\u0001IM' : '\u0001\u0000MI', 124, 'latin1');
  return Buffer.concat([
    header,
    ...variables.map((each) => {
      if (!packed) return each;
      const content = deflateSync(each);
      const head = Buffer.alloc(8);
      head.writeUInt32LE(15, 0);
      head.writeUInt32LE(content.length, 4);
      return Buffer.concat([head, content]);
    }),
  ]);
}

describe('MATLAB files', () => {
  const data = dataFolder('suite', { scaling: 'none' });
  const { open, write } = data;

  const rows = Array.from({ length: 20 }, (_, row) => row);
  const table = (little = true) => [
    variable(
      'X',
      [20, 2],
      [...rows.map((row) => row + 0.5), ...rows.map((row) => 100 - 3 * row + 0.25)],
      DOUBLE,
      little,
    ),
    variable(
      'y',
      [20, 1],
      rows.map((row) => row % 2),
      DOUBLE,
      little,
    ),
  ];

  it('are arrays: packed or not, of either order of bytes', async () => {
    const files = [matFile(table()), matFile(table(), { packed: true }), matFile(table(false), { little: false })];
    for (const [index, file] of files.entries()) {
      const dataset = await open(write(`table${index}.mat`, file));
      assert.deepEqual(dataset.sampleShape, [2]);
      const values = await readSamples(dataset.training, [0, 1], 2);
      // The second column follows from the first: 100.25 − 3 (x − 0.5).
      for (const at of [0, 2]) assert.equal(values[at + 1], 100.25 - 3 * ((values[at] ?? 0) - 0.5));
    }
  });

  it('may have texts for labels: cells of them, or a matrix of characters', async () => {
    const [samples] = table();
    assert.ok(samples);
    const names = rows.map((row) => ['cat', 'mouse', 'käfer'][row % 3] ?? '');
    const files = [false, true].flatMap((isWide) => [
      characters('y', names, isWide),
      cells(
        'y',
        names.map((name) => characters('', [name], isWide)),
      ),
    ]);
    for (const [index, labels] of files.entries()) {
      const note = characters('note', ['made by hand'], true);
      const dataset = await open(write(`names${index}.mat`, matFile([note, samples, labels], { packed: index > 1 })));
      assert.deepEqual(classesOf(dataset.task), ['cat', 'käfer', 'mouse']);
      assert.deepEqual(dataset.sampleShape, [2]);
    }
    const others = cells(
      'y',
      rows.map((row) => variable('', [1, 1], [row], DOUBLE)),
    );
    await assertProblems(open(write('others.mat', matFile([samples, others]))), [
      /^y in others\.mat is not read: it is cells\./,
    ]);
    const random = randomStream(2, 'damaged texts');
    for (let round = 0; round < 30; round++) {
      const file = mutated(matFile([samples, files[round % files.length] ?? samples]), random);
      await acceptedOrRefused(() => open(write('mutated.mat', file)));
    }
  });

  it('may have their samples along the last axis', async () => {
    const pixels = rows.flatMap((sample) => Array.from({ length: 6 * 5 * 3 }, (_, at) => (sample + at) % 256));
    const dataset = await open(
      write(
        'images.mat',
        matFile([
          variable('X', [6, 5, 3, 20], pixels, BYTE),
          variable(
            'y',
            [1, 20],
            rows.map((row) => row % 2),
            BYTE,
          ),
        ]),
      ),
    );
    assert.deepEqual(dataset.sampleShape, [3, 6, 5]);
    assert.match(toldOf(dataset), /lie along the last axis of \[6, 5, 3, 20\]/);
  });

  it('that hold no arrays, are of another version or damaged are refused', async () => {
    const later = Buffer.alloc(600, ' ');
    later.write('MATLAB 7.3 MAT-file');
    await assertProblems(open(write('later.mat', later)), [/later\.mat is no MAT file of version 5 to 7\.2/]);
    await assertProblems(open(write('text.mat', Buffer.from('x,y\n'))), [/text\.mat is no MAT file/]);
    await assertProblems(open(write('short.mat', matFile(table()).subarray(0, 300))), [
      /short\.mat cannot be read as a MAT file: it is cut off/,
    ]);
    await assertProblems(open(write('other.mat', matFile([variable('z', [2, 0], [], DOUBLE)]))), [
      /has no arrays of samples or labels, only z \(empty\)/,
    ]);
    const random = randomStream(0, 'damaged MAT files');
    for (let round = 0; round < 60; round++) {
      await acceptedOrRefused(() => open(write('mutated.mat', mutated(matFile(table()), random))));
    }
  });

  it('are in structs within structs, and one for each split', async () => {
    const field = (name: string): Buffer => Buffer.from(name.padEnd(16, '\0'));
    const struct = (name: string, fields: Readonly<Record<string, Buffer>>): Buffer => {
      const numbers = (...values: readonly number[]): Buffer => {
        const bytes = Buffer.alloc(4 * values.length);
        values.forEach((value, at) => bytes.writeInt32LE(value, 4 * at));
        return bytes;
      };
      return element(
        14,
        Buffer.concat([
          element(6, numbers(2, 0), true),
          element(5, numbers(1, 1), true),
          element(1, Buffer.from(name), true),
          element(5, numbers(16), true),
          element(1, Buffer.concat(Object.keys(fields).map(field)), true),
          ...Object.values(fields),
        ]),
        true,
      );
    };
    const split = (count: number): Buffer =>
      struct('', {
        images: variable(
          '',
          [count, 3],
          Array.from({ length: 3 * count }, (_, index) => (index * 7) % 23),
          DOUBLE,
        ),
        labels: variable(
          '',
          [count, 1],
          Array.from({ length: count }, (_, index) => index % 2),
          DOUBLE,
        ),
      });
    const file = matFile(
      [struct('dataset', { train: split(40), test: split(20), mapping: variable('', [2, 2], [0, 1, 48, 49], DOUBLE) })],
      { packed: true },
    );
    writeFileSync(join(data.folder, 'struct.mat'), file);
    const dataset = await openDataset(datasetOptions('struct.mat'), { baseDirectory: data.folder, seed: 0 });
    assert.deepEqual(
      [dataset.sampleShape, dataset.training.count + dataset.validation.count, dataset.test.count],
      [[3], 40, 20],
    );
    const random = randomStream(1, 'structs');
    for (let index = 0; index < 40; index++) {
      writeFileSync(join(data.folder, 'mutated.mat'), mutated(file, random));
      await acceptedOrRefused(() =>
        openDataset(datasetOptions('mutated.mat'), { baseDirectory: data.folder, seed: 0 }),
      );
    }
  });

  it('of a folder have samples along the last axis, too, as SVHN', async () => {
    mkdirSync(join(data.folder, 'svhn'));
    for (const [name, count] of [
      ['train', 40],
      ['test', 20],
    ] as const) {
      const pixels = Array.from({ length: 6 * 6 * 3 * count }, (_, index) => (index * 31) % 256);
      const labels = Array.from({ length: count }, (_, index) => 1 + (index % 10));
      writeFileSync(
        join(data.folder, 'svhn', `${name}_32x32.mat`),
        matFile([variable('X', [6, 6, 3, count], pixels, BYTE), variable('y', [count, 1], labels, BYTE)]),
      );
    }
    const dataset = await openDataset(datasetOptions('svhn'), { baseDirectory: data.folder, seed: 0 });
    assert.deepEqual([dataset.sampleShape, dataset.test.count], [[3, 6, 6], 20]);
  });
});
