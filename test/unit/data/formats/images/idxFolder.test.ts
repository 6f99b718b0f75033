import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { classesOf } from '../../../../../src/data/task.ts';
import { idxFolder } from '../../../../../src/data/formats/images/idxFolder.ts';
import { locate } from '../../../../../src/data/location.ts';
import type { Source } from '../../../../../src/data/source.ts';
import {
  labelsOf,
  assertProblems,
  idxFile,
  readSamples,
  removeFolder,
  temporaryFolder,
  datasetOptions,
} from '../../../../support/datasets.ts';
import { requireShared } from '../../../../support/shared.ts';

async function open(path: string): Promise<Source> {
  const location = await locate(path, '/');
  assert.ok(idxFolder.recognises(location), 'IDX was not recognised');
  return idxFolder.open(location, { baseDirectory: '/', seed: 0 }, datasetOptions(path));
}

describe('IDX folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    write(
      'train-images-idx3-ubyte',
      idxFile(
        [4, 2, 2],
        Array.from({ length: 16 }, (_, index) => index),
      ),
    );
    write('train-labels-idx1-ubyte', idxFile([4], [0, 1, 2, 1]));
    write('t10k-images-idx3-ubyte.gz', gzipSync(idxFile([2, 2, 2], [255, 255, 255, 255, 0, 0, 0, 0])));
    write('t10k-labels-idx1-ubyte.gz', gzipSync(idxFile([2], [2, 0])));
  });
  afterEach(() => {
    removeFolder(folder);
  });
  const write = (name: string, content: Uint8Array): void => {
    writeFileSync(join(folder, name), content);
  };

  it('is understood, gzipped or not', async () => {
    const source = await open(folder);
    assert.equal(source.format, 'IDX');
    assert.deepEqual(classesOf(source.task), ['0', '1', '2']);
    assert.deepEqual(source.sampleShape, [1, 2, 2]);
    assert.deepEqual([...labelsOf(source.training)], [0, 1, 2, 1]);
    assert.deepEqual([...labelsOf(source.test!)], [2, 0]);
    assert.equal(source.validation, undefined);
    assert.deepEqual(
      await readSamples(source.training, [3, 0], 4),
      Float32Array.from([12, 13, 14, 15, 0, 1, 2, 3], (byte) => byte / 255),
    );
    assert.deepEqual(await readSamples(source.test!, [0, 1], 4), Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0));
  });

  it('is understood from one of its files, and with a point in the names', async () => {
    const source = await open(join(folder, 't10k-labels-idx1-ubyte.gz'));
    assert.equal(source.training.count, 4);
    copyFileSync(join(folder, 'train-images-idx3-ubyte'), join(folder, 'train-images.idx3-ubyte'));
    unlinkSync(join(folder, 'train-images-idx3-ubyte'));
    assert.equal((await open(folder)).training.count, 4);
  });

  it('needs no test files', async () => {
    unlinkSync(join(folder, 't10k-images-idx3-ubyte.gz'));
    unlinkSync(join(folder, 't10k-labels-idx1-ubyte.gz'));
    assert.equal((await open(folder)).test, undefined);
  });

  it('is refused with the names of all missing files', async () => {
    unlinkSync(join(folder, 'train-images-idx3-ubyte'));
    unlinkSync(join(folder, 't10k-labels-idx1-ubyte.gz'));
    await assertProblems(open(folder), [/lacks train-images-idx3-ubyte/, /lacks t10k-labels-idx1-ubyte/]);
  });

  it('is refused with what is wrong with each of its files', async () => {
    write('train-images-idx3-ubyte', idxFile([4, 2, 2], [1, 2, 3]));
    write('t10k-labels-idx1-ubyte.gz', gzipSync(idxFile([2], [2, 0])).subarray(0, 15));
    await assertProblems(open(folder), [
      /train-images-idx3-ubyte is too short: .* announces 32 bytes, 19 found/,
      /The gzip data of t10k-labels-idx1-ubyte.gz is damaged/,
    ]);
  });

  it('is refused when images and labels do not belong together', async () => {
    write('train-labels-idx1-ubyte', idxFile([5], [0, 1, 2, 1, 0]));
    await assertProblems(open(folder), [
      /train-images-idx3-ubyte has 4 images, but train-labels-idx1-ubyte has 5 labels/,
    ]);
    write('train-labels-idx1-ubyte', idxFile([4, 2, 2], new Uint8Array(16)));
    await assertProblems(open(folder), [/train-labels-idx1-ubyte has 3 dimensions/]);
  });

  it('is refused when training and test have different sizes', async () => {
    write('t10k-images-idx3-ubyte.gz', gzipSync(idxFile([2, 3, 1], [1, 2, 3, 4, 5, 6])));
    await assertProblems(open(folder), [/are 2 × 2 pixels, those of t10k-images-idx3-ubyte.gz 3 × 1/]);
  });

  it('is refused when labels are out of range', async () => {
    write('t10k-labels-idx1-ubyte.gz', gzipSync(idxFile([2], [2, 9])));
    await assertProblems(open(folder), [
      /t10k-labels-idx1-ubyte.gz has the label 9 \(sample 1\), .* train-labels-idx1-ubyte go from 0 to 2/,
    ]);
    write('train-labels-idx1-ubyte', idxFile([4], [0, 1, 2, 200]));
    await assertProblems(open(folder), [/has the label 200 \(sample 3\), but no sample has the label 3/]);
    write('train-labels-idx1-ubyte', idxFile([4], [0, 0, 0, 0]));
    await assertProblems(open(folder), [/Every label in train-labels-idx1-ubyte is 0/]);
  });

  it('reads the real MNIST exactly', async function () {
    const path = requireShared(this, 'data/mnist');
    const source = await open(path);
    assert.deepEqual(source.sampleShape, [1, 28, 28]);
    assert.deepEqual(classesOf(source.task), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    assert.deepEqual([...labelsOf(source.training).subarray(0, 5)], [5, 0, 4, 1, 9]);
    for (const [split, name, count] of [
      [source.training, 'train', 60_000],
      [source.test!, 't10k', 10_000],
    ] as const) {
      assert.equal(split.count, count);
      const pixels = gunzipSync(readFileSync(join(path, `${name}-images-idx3-ubyte.gz`))).subarray(16);
      const labels = gunzipSync(readFileSync(join(path, `${name}-labels-idx1-ubyte.gz`))).subarray(8);
      assert.deepEqual(labelsOf(split), Int32Array.from(labels));
      const chosen = Array.from({ length: 500 }, (_, index) => (index * 7919) % count);
      const values = await readSamples(split, chosen, 784);
      for (const [row, sample] of chosen.entries()) {
        for (let pixel = 0; pixel < 784; pixel++) {
          assert.equal(values[row * 784 + pixel], Math.fround(pixels[sample * 784 + pixel]! / 255));
        }
      }
    }
  });

  it('may have labels that count from 1, and a name before those of the files', async () => {
    for (const part of ['train', 'test']) {
      write(
        `emnist-letters-${part}-images-idx3-ubyte`,
        idxFile(
          [3, 2, 2],
          Array.from({ length: 12 }, (_, index) => index),
        ),
      );
      write(`emnist-letters-${part}-labels-idx1-ubyte`, idxFile([3], [1, 2, 3]));
    }
    const location = await locate(folder, '/');
    const options = { ...datasetOptions(folder), table: 'emnist-letters' };
    const source = await idxFolder.open(location, { baseDirectory: '/', seed: 0 }, options);
    assert.deepEqual(classesOf(source.task), ['1', '2', '3']);
    assert.deepEqual([...labelsOf(source.training)], [0, 1, 2]);
    assert.match(source.findings?.map(({ message }) => message).join() ?? '', /emnist-letters is read; others are/);
    await assertProblems(open(folder), [/several collections of images: emnist-letters, one without a name/]);
    assert.equal((await open(join(folder, 'emnist-letters-test-labels-idx1-ubyte'))).training.count, 3);
  });
});
