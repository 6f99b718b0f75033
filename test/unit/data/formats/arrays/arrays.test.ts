import assert from 'node:assert/strict';
import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { parseNpy } from '../../../../../src/data/formats/arrays/npy.ts';
import { statisticsOfChannels } from '../../../../../src/data/channelStatistics.ts';
import type { Split } from '../../../../../src/data/samples/split.ts';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, labelsOf, readSamples } from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

/** An NPY file of version 1. */
function npy(descr: string, shape: readonly number[], content: Uint8Array, fortran = false): Buffer {
  const order = fortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`, 'latin1');
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  return Buffer.concat([start, header, content]);
}

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const floats = (shape: readonly number[], values: readonly number[]): Buffer =>
  npy('<f4', shape, bytesOf(Float32Array.from(values)));
const labels = (values: readonly number[]): Buffer =>
  npy('<i8', [values.length], bytesOf(BigInt64Array.from(values, BigInt)));

describe('NumPy arrays', () => {
  const data = dataFolder('suite');
  const { open, write } = data;

  it('of numbers far from 0 and 1 are scaled by channel, which is told and can be said otherwise', async () => {
    const values = (scale: number) =>
      Array.from({ length: 20 }, (_, index) => [scale * index, -scale * index, 0.5 * (index % 2), 0.5]).flat();
    const arrays = (scale: number): Buffer =>
      Buffer.from(
        zipSync({
          'x.npy': floats([20, 2, 2], values(scale)),
          'y.npy': labels(Array.from({ length: 20 }, (_, index) => index % 2)),
        }),
      );
    const options = { normalization: 'auto', validation: 0.2, test: 0.2 } as const;
    const wide = await open(write('wide.npz', arrays(100)), options);
    const statistics = wide.preparation.kind === 'arrays' ? wide.preparation.normalization : null;
    assert.ok(statistics, 'the values are not scaled');
    const [first = 0] = await readSamples(wide.training, [0], 4);
    assert.ok(Math.abs(first) < 3, `${first} is not scaled`);
    assert.match(wide.findings.map(({ message }) => message).join(' '), /brought to mean 0 and deviation 1 by channel/);
    for (const [file, changes] of [
      [write('wide.npz', arrays(100)), { normalization: 'none' }],
      [write('narrow.npz', arrays(0.1)), options],
    ] as const) {
      const { preparation, findings } = await open(file, changes);
      assert.ok(preparation.kind === 'arrays' && preparation.normalization === null);
      assert.doesNotMatch(findings.map(({ message }) => message).join(' '), /brought to mean/);
    }
  });

  describe('with the persons whom samples are from', () => {
    const count = 60;
    const persons = Array.from({ length: count }, (_, index) => index % 10);
    /** Samples whose first number is the person's. */
    const stored = (shape: readonly number[], groups: Readonly<Record<string, Buffer>>): Buffer => {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      const values = persons.flatMap((person, index) =>
        Array.from({ length: size }, (_, at) => (at === 0 ? person : Math.sin(index * at))),
      );
      return Buffer.from(
        zipSync({
          'x.npy': floats([count, ...shape], values),
          'y.npy': labels(Array.from({ length: count }, (_, index) => Math.floor(index / 10) % 2)),
          ...groups,
        }),
      );
    };
    const options = { normalization: 'none', scaling: 'none', validation: 0.2, test: 0.2 } as const;
    const personsIn = async ({ count: samples, read }: Split, size: number): Promise<ReadonlySet<number>> => {
      const target = new Float32Array(samples * size);
      await read(
        Int32Array.from({ length: samples }, (_, index) => index),
        target,
      );
      return new Set(Array.from({ length: samples }, (_, index) => target[index * size] ?? NaN));
    };

    for (const [what, shape] of [
      ['rows of a table', [3]],
      ['series', [2, 4]],
    ] as const) {
      it(`divide by them: ${what}`, async () => {
        const size = shape.reduce((product: number, dimension) => product * dimension, 1);
        const file = write('persons.npz', stored(shape, { 'subjects.npy': labels(persons) }));
        for (const split of [undefined, { group: 'subjects' }]) {
          const { training, validation, test, findings } = await open(file, { ...options, split });
          const [learned, tuned, judged] = await Promise.all(
            [training, validation, test].map((each) => personsIn(each, size)),
          );
          assert.equal([...learned!, ...tuned!, ...judged!].length, 10, 'nobody is in two splits');
          assert.ok(
            findings.some(({ message }) =>
              message.startsWith("Samples with the same value of 'subjects' (10 different)"),
            ),
            JSON.stringify(findings),
          );
        }
      });
    }

    it('leave the division as it is where it says too little, or too much, and tell so', async () => {
      for (const [name, groups] of [
        ['few', persons.map((person) => person % 2)],
        ['many', persons.map((_, index) => index)],
      ] as const) {
        const { findings } = await open(write(`${name}.npz`, stored([3], { 'groups.npy': labels(groups) })), options);
        const told = findings.map(({ message }) => message).join(' ');
        assert.match(
          told,
          /The array 'groups' \[60\] has (2|60) different values for 60 samples, by which they are not/,
        );
        assert.doesNotMatch(told, /stay in one split/);
      }
    });
  });

  it('with a channel that changes by no more than rounding leave that channel unscaled', () => {
    const values = Float64Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 100 * index : 1234.1));
    const scaled = statisticsOfChannels(values, 3, 1);
    assert.deepEqual(scaled.std.slice(1), [1, 1]);
  });

  it('with values that no network computes with are refused', async () => {
    const arrays = (value: number): Buffer =>
      Buffer.from(
        zipSync({
          'x.npy': npy(
            '<f8',
            [20, 2, 2],
            bytesOf(Float64Array.from({ length: 80 }, (_, index) => (index === 9 ? value : index))),
          ),
          'y.npy': labels(Array.from({ length: 20 }, (_, index) => index % 2)),
        }),
      );
    for (const value of [NaN, -Infinity, 1e300]) {
      await assert.rejects(
        open(write('unusable.npz', arrays(value))),
        /1 of 20 training samples has values that are NaN or infinite in float32, number 3 first/,
      );
      write('usable.npz', arrays(1));
      await assert.rejects(
        open('usable.npz', { unlabelled: 'unusable.npz' }),
        /1 of 20 unlabelled samples has values that are NaN/,
      );
    }
  });

  it('of every type and order are read', () => {
    const read = (descr: string, content: ArrayBufferView): number[] => [
      ...parseNpy(npy(descr, [2], bytesOf(content)), 'a').values,
    ];
    assert.deepEqual(read('|u1', Uint8Array.of(1, 255)), [1, 255]);
    assert.deepEqual(read('|b1', Uint8Array.of(0, 1)), [0, 1]);
    assert.deepEqual(read('|i1', Int8Array.of(-1, 7)), [-1, 7]);
    assert.deepEqual(read('<i2', Int16Array.of(-300, 7)), [-300, 7]);
    assert.deepEqual(read('<u4', Uint32Array.of(4e9, 7)), [4e9, 7]);
    assert.deepEqual(read('<i8', BigInt64Array.of(-5n, 2n ** 40n)), [-5, 2 ** 40]);
    assert.deepEqual(read('<f8', Float64Array.of(0.1, -2)), [0.1, -2]);
    assert.deepEqual(read('>f4', Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0)), [1, -2]);
    // 1, −2, the smallest number above 0 and infinity as halves.
    assert.deepEqual(read('<f2', Uint16Array.of(0x3c00, 0xc000)), [1, -2]);
    assert.deepEqual(read('<f2', Uint16Array.of(0x0001, 0x7c00)), [2 ** -24, Infinity]);
    const fortran = parseNpy(npy('|u1', [2, 3], Uint8Array.of(1, 4, 2, 5, 3, 6), true), 'a');
    assert.deepEqual([...fortran.values], [1, 2, 3, 4, 5, 6]);
  });

  it('of bytes are images, whichever axis has the channels', async () => {
    const pixels = Uint8Array.from({ length: 10 * 5 * 5 * 3 }, (_, index) => index % 251);
    const classes = Array.from({ length: 10 }, (_, index) => index % 2);
    write('images.npz', zipSync({ 'images.npy': npy('|u1', [10, 5, 5, 3], pixels), 'labels.npy': labels(classes) }));
    const dataset = await open('images.npz', { normalization: 'cifar10' });
    assert.deepEqual([dataset.format, dataset.sampleShape], ['NPZ', [3, 5, 5]]);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    assert.ok(dataset.preparation.kind === 'pixels' && dataset.preparation.normalization !== null);
    const plain = await open('images.npz');
    const [first] = [...(await readSamples(plain.training, [0], 75))];
    const second = (await readSamples(plain.training, [0], 75))[25]!;
    assert.ok(Math.abs(second - first! - 1 / 255) < 1e-6, 'the second channel follows the first by one');
  });

  it('of rows are a table, scaled by the training split', async () => {
    const x = Array.from({ length: 40 }, (_, index) => (index * 7) % 13);
    const y = Array.from({ length: 20 }, (_, index) => index % 4);
    mkdirSync(join(data.folder, 'rows'));
    write('rows/x_train.npy', floats([20, 2], x));
    write('rows/y_train.npy', labels(y));
    write('rows/x_test.npy', floats([2, 2], [1, 2, 3, 4]));
    write('rows/y_test.npy', labels([3, 1]));
    const dataset = await open('rows');
    assert.deepEqual([dataset.sampleShape, [...labelsOf(dataset.test)]], [[2], [3, 1]]);
    assert.ok(dataset.preparation.kind === 'table');
    assert.deepEqual(
      dataset.preparation.columns.map(({ name }) => name),
      ['x[0]', 'x[1]'],
    );
    assert.equal(dataset.training.count + dataset.validation.count, 20);
  });

  it('of labels may be one-hot, several, or numbers', async () => {
    const x = floats(
      [12, 2],
      Array.from({ length: 24 }, (_, index) => Math.sin(index)),
    );
    const open12 = (y: Uint8Array): Promise<Dataset> => {
      write('y.npz', zipSync({ 'x.npy': x, 'y.npy': y }));
      return open('y.npz');
    };
    const oneHot = Array.from({ length: 36 }, (_, index) => (index % 3 === Math.floor(index / 3) % 3 ? 1 : 0));
    assert.equal((await open12(floats([12, 3], oneHot))).task.kind, 'classification');
    const several = Array.from({ length: 24 }, (_, index) => (index % 5 < 2 ? 1 : 0));
    assert.deepEqual((await open12(floats([12, 2], several))).task, { kind: 'multi-label', classes: ['y[0]', 'y[1]'] });
    const numbers = Array.from({ length: 12 }, (_, index) => index / 3);
    assert.deepEqual((await open12(floats([12, 1], numbers))).task, { kind: 'regression', targets: ['y'] });
  });

  it('without labels are for matching and reconstruction', async () => {
    write('alone.npy', npy('|u1', [10, 4, 4], new Uint8Array(160)));
    await assertProblems(open('alone.npy'), [/The samples have no labels/]);
    const dataset = await open('alone.npy', { task: 'reconstruction' });
    assert.deepEqual([dataset.task, dataset.sampleShape], [{ kind: 'reconstruction' }, [1, 4, 4]]);
  });

  it('are refused with a sentence when they are damaged', async () => {
    const refused = (content: Uint8Array, pattern: RegExp) =>
      assertProblems(open(write('bad.npy', content)), [pattern]);
    await refused(Buffer.from('hello, this is no array'), /bad.npy is no NPY file/);
    await refused(
      npy('<f4', [3], new Uint8Array(8)),
      /bad.npy is too short: \(3\) values of f4 take 12 bytes, 8 found/,
    );
    await refused(npy('<U4', [3], new Uint8Array(48)), /The training samples are texts/);
    await refused(npy('|O', [1], new Uint8Array(8)), /holds Python objects/);
    write('few.npz', zipSync({ 'x.npy': floats([2, 1], [1, 2]), 'y.npy': labels([0]) }));
    await assertProblems(open('few.npz'), [/There are 2 training samples, but 1 labels/]);
  });

  it('in an archive that announces too much are refused without unpacking it', async () => {
    const bomb = Buffer.from(zipSync({ 'x.npy': floats([2, 1], [1, 2]), 'y.npy': labels([0, 1]) }, { level: 9 }));
    // The uncompressed size in the central directory, whose entries begin with this signature.
    const entry = bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bomb.writeUInt32LE(0xf0000000, entry + 24);
    write('bomb.npz', bomb);
    await assertProblems(open('bomb.npz'), [/bomb.npz cannot be unpacked: x.npy announces 4026531840 bytes/]);
  });

  it('that are larger than arrays are read are refused, in an archive and beside it', async () => {
    const large = Buffer.from(zipSync({ 'x.npy': floats([2, 1], [1, 2]), 'y.npy': labels([0, 1]) }, { level: 0 }));
    // Where an array has 4 GiB or more, its size stands as all ones, and elsewhere.
    large.writeUInt32LE(0xff_ff_ff_ff, large.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    write('large.npz', large);
    await assertProblems(open('large.npz'), [/large.npz cannot be unpacked: x.npy has 4 GiB or more/]);
    write('x.npy', floats([2, 1], [1, 2]));
    truncateSync(join(data.folder, 'x.npy'), 2 ** 31 + 1);
    await assertProblems(open('x.npy'), [/x.npy has more than 2 GiB, which arrays are not read beyond/]);
  });

  it('that are damaged are read or refused with a sentence, whatever the damage', async () => {
    const random = randomStream(0, 'damaged arrays');
    const x = floats(
      [12, 2],
      Array.from({ length: 24 }, (_, index) => Math.sin(index)),
    );
    const original = zipSync({ 'x.npy': x, 'y.npy': labels(Array.from({ length: 12 }, (_, index) => index % 2)) });
    for (let round = 0; round < 200; round++) {
      write('damaged.npz', mutated(original, random));
      await acceptedOrRefused(() => open('damaged.npz'));
      write('damaged.npy', mutated(x, random));
      await acceptedOrRefused(() => open('damaged.npy', { task: 'matching' }));
    }
  });

  it('without the names that are looked for are refused with the names that there are', async () => {
    const array = floats([2, 1], [1, 2]);
    write('plain.npz', zipSync({ 'arr_0.npy': array, 'arr_1.npy': labels([0, 1]), 'arr_2.npy': array }));
    await assertProblems(open('plain.npz'), [/no arrays of samples or labels, only arr_0, arr_1, arr_2\./]);
  });

  it('that would fill the memory are refused before they are unpacked', async () => {
    const bomb = npy('|u1', [2 ** 27], new Uint8Array(2 ** 27));
    write('bomb.npz', zipSync({ 'x.npy': [bomb, { level: 6 }], 'y.npy': labels([0, 1]) }));
    await assertProblems(open('bomb.npz'), [/bomb.npz cannot be unpacked: \d+ packed bytes would become \d+/]);
  });

  it('that have names of their own are parts of the samples together, in whatever order they lie', async () => {
    const rows = Array.from({ length: 12 }, (_, row) => row);
    const arrays = (prefix: string, count = 12): Record<string, Uint8Array> => ({
      [`${prefix}size.npy`]: floats(
        [count, 2],
        rows.slice(0, count).flatMap((row) => [row, -row]),
      ),
      [`${prefix}image.npy`]: npy(
        '|u1',
        [12, 2, 2],
        Uint8Array.from({ length: 48 }, (_, index) => index),
      ),
      [`${prefix}age.npy`]: floats([12], rows),
      'y.npy': labels(rows.map((row) => row % 2)),
    });
    for (const prefix of ['', 'x_']) {
      write('parts.npz', zipSync(arrays(prefix)));
      const { samples, training, preparation } = await open('parts.npz', { validation: 0.2 });
      assert.deepEqual(samples, {
        kind: 'values',
        parts: [
          { name: 'age', shape: [1] },
          { name: 'image', shape: [1, 2, 2] },
          { name: 'size', shape: [2] },
        ],
      });
      const found = await readSamples(training, [1], 7);
      const row = found[0]!;
      const pixels = [0, 1, 2, 3].map((at) => Math.fround((row * 4 + at) / 255));
      assert.deepEqual([...found], [row, ...pixels, row, -row]);
      const parts = preparation.kind === 'arrays' ? preparation.parts : [];
      assert.deepEqual(
        parts?.map(({ unit }) => unit),
        [1, 255, 1],
      );
    }
    write('uneven.npz', zipSync(arrays('x_', 2)));
    await assertProblems(open('uneven.npz'), [
      /have different numbers of samples: 'age' has 12, 'image' has 12, 'size' has 2/,
    ]);
    write(
      'pool.npz',
      zipSync({ 'x_age.npy': floats([3], [1, 2, 3]), 'x_size.npy': floats([3, 6], Array<number>(18).fill(1)) }),
    );
    const pool = open('parts.npz', { validation: 0.2, unlabelled: 'pool.npz' });
    const told = /made of age \[1\], size \[6\], those of the training split made of age \[1\], image/;
    await assertProblems(pool, [told], 'dataset.unlabelled');
  });

  it('of texts are the labels, also with axes of length 1, and other things are refused with the way out', async () => {
    const names = ['cat', 'dog', 'Käfer'];
    const wide = Buffer.alloc(60 * 5 * 4);
    for (let row = 0; row < 60; row++)
      Array.from(names[row % 3] ?? '').forEach((letter, at) =>
        wide.writeUInt32LE(letter.codePointAt(0) ?? 0, 20 * row + 4 * at),
      );
    const x = floats(
      [60, 2],
      Array.from({ length: 120 }, (_, index) => (index * 7) % 23),
    );
    const named = zipSync({ 'x.npy': x, 'y.npy': npy('<U5', [60], wide) });
    assert.deepEqual((await open(write('named.npz', named))).task, {
      kind: 'classification',
      classes: ['Käfer', 'cat', 'dog'],
    });
    const bytes = Buffer.concat(
      Array.from({ length: 60 }, (_, row) => Buffer.from((names[row % 2] ?? '').padEnd(4, '\0'))),
    );
    const short = zipSync({ 'x.npy': x, 'y.npy': npy('|S4', [60, 1], bytes) });
    assert.deepEqual((await open(write('short.npz', short))).task, { kind: 'classification', classes: ['cat', 'dog'] });
    const deep = zipSync({
      'x.npy': npy('|u1', [60, 2, 2], new Uint8Array(240)),
      'y.npy': npy(
        '|u1',
        [60, 1, 1, 1],
        Uint8Array.from({ length: 60 }, (_, row) => row % 2),
      ),
    });
    assert.equal((await open(write('deep.npz', deep))).task.kind, 'classification');
    await assertProblems(
      open(write('texts.npz', zipSync({ 'x.npy': npy('|S4', [60], bytes), 'y.npy': npy('|S4', [60], bytes) }))),
      [/training samples are texts/],
    );
    await assertProblems(
      open(write('objects.npz', zipSync({ 'x.npy': npy('|O', [2], new Uint8Array(9)), 'y.npy': labels([0, 1]) }))),
      [/holds Python objects, which are pickled/],
    );
    const records = Buffer.from(
      npy('<f4', [1], new Uint8Array(4))
        .toString('latin1')
        .replace(
          /'<f4'.*\n/,
          (line) =>
            `[('x', '<f4'), ('k', '<i4')], 'fortran_order': False, 'shape': (1,), }`.padEnd(line.length - 1) + '\n',
        ),
      'latin1',
    );
    await assertProblems(open(write('records.npy', records)), [/holds records of named fields/]);
  });

  const texts = (words: readonly string[]): Buffer =>
    npy('|S9', [words.length], Buffer.concat(words.map((word) => Buffer.from(word.padEnd(9, '\0')))));
  const rows = (count: number, width = 2): Buffer =>
    floats(
      [count, width],
      Array.from({ length: count * width }, (_, at) => (at * 7) % 23),
    );
  const thirds = (count: number, first = 0): Buffer =>
    labels(Array.from({ length: count }, (_, row) => (row % 3) + first));

  it('beside which texts name the classes and columns have them, in the order of the numbers', async () => {
    const bunch = { 'data.npy': rows(60), 'target.npy': thirds(60), 'target_names.npy': texts(['z', 'b', 'a']) };
    const named = await open(write('bunch.npz', zipSync({ ...bunch, 'feature_names.npy': texts(['mass', 'age']) })));
    assert.deepEqual(named.task, { kind: 'classification', classes: ['z', 'b', 'a'] });
    assert.equal(
      labelsOf(named.test).every((label) => label < 3),
      true,
    );
    assert.ok(named.preparation.kind === 'table');
    assert.deepEqual(
      named.preparation.columns.map(({ name }) => name),
      ['mass', 'age'],
    );
    const images = { 'x.npy': npy('|u1', [60, 2, 2], new Uint8Array(240)), 'y.npy': thirds(60, 1) };
    assert.deepEqual(
      (await open(write('from1.npz', zipSync({ ...images, 'classes.npy': texts(['z', 'b', 'a']) })))).task,
      {
        kind: 'classification',
        classes: ['z', 'b', 'a'],
      },
    );
    for (const [file, content] of Object.entries({
      'X.npy': rows(60),
      'y.npy': thirds(60),
      'classes.txt': 'z\nb\na\n',
    })) {
      write(join('beside', file), content);
    }
    assert.deepEqual((await open('beside')).task, { kind: 'classification', classes: ['z', 'b', 'a'] });
  });

  it('with names that fit no numbers, or are pickled, are read without them', async () => {
    const bunch = { 'x.npy': rows(60), 'y.npy': thirds(60) };
    const few = await open(write('few.npz', zipSync({ ...bunch, 'classes.npy': texts(['z', 'b']) })));
    assert.deepEqual(few.task, { kind: 'classification', classes: ['0', '1', '2'] });
    const pickled = { ...bunch, 'class_names.npy': npy('|O', [3], new Uint8Array(9)) };
    const without = await open(write('pickled.npz', zipSync(pickled)));
    assert.deepEqual(without.task, { kind: 'classification', classes: ['0', '1', '2'] });
    assert.match(without.findings.map(({ message }) => message).join(), /called is not read: .*pickled/);
  });

  it('beside labels alone are the samples, whatever they are called; sparse matrices are refused', async () => {
    const named = await open(write('any.npz', zipSync({ 'embeddings.npy': rows(60, 4), 'targets.npy': thirds(60) })));
    assert.deepEqual(named.sampleShape, [4]);
    assert.deepEqual(named.task, { kind: 'classification', classes: ['0', '1', '2'] });
    await assertProblems(open(write('lone.npz', zipSync({ 'targets.npy': rows(60, 4) }))), [
      /has no array of samples, only targets/,
    ]);
    const sparse = { 'data.npy': floats([2], [1, 2]), 'indices.npy': labels([0, 1]), 'indptr.npy': labels([0, 1, 2]) };
    await assertProblems(open(write('sparse.npz', zipSync(sparse))), [/holds a sparse matrix of SciPy/]);
  });
});
