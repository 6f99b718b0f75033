import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classesOf } from '../../../src/data/task.ts';
import type { Dataset, DatasetOptions } from '../../../src/data/dataset.ts';
import type { Split } from '../../../src/data/samples/split.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { DistilleryError } from '../../../src/errors.ts';
import {
  assertProblems,
  datasetOptions,
  idxFile,
  problemsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
  labelsOf,
} from '../../support/datasets.ts';

/** Training samples of the fixture, by class: 600, 300, 90 and 10. */
const COUNTS = [600, 300, 90, 10];
const TEST_COUNT = 40;

describe('dataset', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    const labels = COUNTS.flatMap((count, label) => new Array<number>(count).fill(label));
    // The two pixels of a sample are its number, so that it is recognised wherever it appears.
    const numbers = (start: number, count: number): number[] =>
      Array.from({ length: count }, (_, index) => [(start + index) >> 8, (start + index) & 255]).flat();
    for (const name of ['with-test', 'without-test']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'train-images-idx3-ubyte'), idxFile([1000, 1, 2], numbers(0, 1000)));
      writeFileSync(join(folder, name, 'train-labels-idx1-ubyte'), idxFile([1000], labels));
    }
    const test = join(folder, 'with-test');
    writeFileSync(join(test, 't10k-images-idx3-ubyte'), idxFile([TEST_COUNT, 1, 2], numbers(5000, TEST_COUNT)));
    writeFileSync(
      join(test, 't10k-labels-idx1-ubyte'),
      idxFile(
        [TEST_COUNT],
        Array.from({ length: TEST_COUNT }, (_, index) => index % 4),
      ),
    );
  });
  after(() => {
    removeFolder(folder);
  });

  const open = (path: string, changes: Partial<DatasetOptions> = {}, seed = 0): Promise<Dataset> =>
    openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed });

  /** Numbers of the samples of a split. */
  async function samplesOf(split: Split): Promise<number[]> {
    const all = Array.from({ length: split.count }, (_, index) => index);
    const values = (await readSamples(split, all, 2)).map((value) => Math.round(value * 255));
    return all.map((index) => 256 * values[2 * index]! + values[2 * index + 1]!);
  }
  const classOf = (sample: number): number => (sample < 600 ? 0 : sample < 900 ? 1 : sample < 990 ? 2 : 3);
  const countsOf = (labels: Int32Array): number[] =>
    COUNTS.map((_, label) => labels.filter((each) => each === label).length);

  it('says that samples which are no images in files cannot be resized', async () => {
    await assertProblems(
      open('with-test', { resize: [4, 4] }),
      [/^The samples of this dataset \(IDX\) have shape \[1, 1, 2\] and cannot be resized\.$/],
      'dataset.resize',
    );
    await (await open('with-test', { resize: [1, 2] })).dispose();
  });

  it('keeps the splits that the data brings and draws the rest', async () => {
    const dataset = await open('with-test');
    assert.equal(dataset.format, 'IDX');
    assert.deepEqual(dataset.sampleShape, [1, 1, 2]);
    assert.deepEqual(
      await samplesOf(dataset.test),
      Array.from({ length: TEST_COUNT }, (_, index) => 5000 + index),
    );
    assert.deepEqual(countsOf(labelsOf(dataset.validation)), [60, 30, 9, 1]);
    assert.deepEqual(countsOf(labelsOf(dataset.training)), [540, 270, 81, 9]);
    await dataset.dispose();
  });

  it('divides every sample to exactly one split, with its label', async () => {
    const { training, validation, test } = await open('without-test');
    assert.deepEqual(countsOf(labelsOf(test)), [120, 60, 18, 2]);
    assert.equal(validation.count, 80);
    const samples = await Promise.all([training, validation, test].map(samplesOf));
    assert.deepEqual(
      samples.flat().toSorted((one, other) => one - other),
      Array.from({ length: 1000 }, (_, index) => index),
    );
    for (const [part, split] of [training, validation, test].entries()) {
      assert.deepEqual([...labelsOf(split)], samples[part]!.map(classOf));
    }
  });

  it('is divided by the seed alone', async () => {
    const samples = async (seed: number) => {
      const { training, validation, test } = await open('without-test', { limit: 100 }, seed);
      return Promise.all([training, validation, test].map(samplesOf));
    };
    const first = await samples(1);
    assert.deepEqual(await samples(1), first);
    const second = await samples(2);
    for (const part of [0, 1, 2]) assert.notDeepEqual(second[part], first[part]);
  });

  it('with a limit has fewer training samples of its own, and the same validation and test', async () => {
    const whole = await open('without-test');
    const all = new Set(await samplesOf(whole.training));
    let smaller = new Set<number>();
    for (const limit of [4, 22, 100, 719]) {
      const limited = await open('without-test', { limit });
      assert.equal(limited.training.count, limit);
      assert.deepEqual(await samplesOf(limited.validation), await samplesOf(whole.validation));
      assert.deepEqual(await samplesOf(limited.test), await samplesOf(whole.test));
      const chosen = new Set(await samplesOf(limited.training));
      assert.equal(chosen.size, limit);
      for (const sample of chosen) assert.ok(all.has(sample));
      for (const sample of smaller) assert.ok(chosen.has(sample));
      smaller = chosen;
    }
    const { training } = await open('without-test', { limit: 100 });
    assert.deepEqual(countsOf(labelsOf(training)), [60, 30, 9, 1]);
    assert.equal((await open('without-test', { limit: 5000 })).training.count, whole.training.count);
  });

  it('is normalised in every split', async () => {
    const plain = await open('with-test');
    const normal = await open('with-test', { normalization: { mean: [0.5], std: [0.25] } });
    for (const split of ['training', 'validation', 'test'] as const) {
      const expected = (await readSamples(plain[split], [3, 1], 2)).map((value) => (value - 0.5) / 0.25);
      assert.deepEqual(await readSamples(normal[split], [3, 1], 2), expected);
    }
  });

  it('is refused with all that is wrong with its options', async () => {
    const problems = await problemsOf(
      open('without-test', { test: 0.0004, validation: 0.9999, normalization: 'imagenet' }),
    );
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['dataset.normalization', 'dataset.test'],
    );
    assert.match(problems[1]!.message, /Setting 0.0004 of 1000 samples aside leaves no test samples/);
    await assertProblems(
      open('with-test', { validation: 0.0001 }),
      [/leaves no validation samples/],
      'dataset.validation',
    );
  });

  it('is refused where lines are those of Vowpal Wabbit', async () => {
    const lines = Array.from({ length: 30 }, (_, row) => `${row % 2 === 0 ? 1 : -1} |f price:0.${row} age:3 |s red`);
    writeFileSync(join(folder, 'wabbit.txt'), lines.join('\n'));
    await assertProblems(open('wabbit.txt'), [/wabbit\.txt has lines of Vowpal Wabbit/]);
  });

  it('is refused when there is nothing to open', async () => {
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'notes.txt'), 'hello');
    await assertProblems(open('nowhere'), [/There is nothing at .*nowhere/]);
    await assertProblems(open('notes.txt/inside'), [/There is nothing at/]);
    await assertProblems(open('empty'), [/empty is empty/]);
    await assertProblems(open('notes.txt'), [/The file notes.txt in .* is no dataset that is known/]);
    await assertProblems(open('builtin:letters'), [/There is no built-in dataset 'builtin:letters'/]);
    const [problem] = await problemsOf(open('notes.txt'));
    assert.match(problem!.hint!, /Known are tables .*\.xlsx.*archives/);
    mkdirSync(join(folder, 'unknown'));
    writeFileSync(join(folder, 'unknown', 'notes.md'), 'hello');
    const [inFolder] = await problemsOf(open('unknown'));
    assert.match(inFolder!.hint!, /Looked for IDX: .*train-images-idx3-ubyte.*; image folders: /);
  });

  it('is not opened once cancelled', async () => {
    await assert.rejects(
      openDataset(datasetOptions('with-test'), { baseDirectory: folder, seed: 0, signal: AbortSignal.abort() }),
      (error) => error instanceof DistilleryError && error.code === 'CANCELLED',
    );
  });

  describe('of built-in digits', () => {
    it('needs no files', async () => {
      const dataset = await open('builtin:digits');
      assert.deepEqual(dataset.sampleShape, [1, 28, 28]);
      assert.equal(classesOf(dataset.task).length, 10);
      assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [18_000, 2_000, 4_000]);
      for (const split of [dataset.training, dataset.validation, dataset.test]) {
        for (let label = 0; label < 10; label++) {
          assert.equal(labelsOf(split).filter((each) => each === label).length, split.count / 10);
        }
      }
    });

    it('has the same test for every seed and limit, the same validation for every limit', async () => {
      const first = Array.from({ length: 50 }, (_, index) => index);
      const whole = await open('builtin:digits', {}, 0);
      const limited = await open('builtin:digits', { limit: 200 }, 0);
      const other = await open('builtin:digits', {}, 1);
      const read = (split: Split) => readSamples(split, first, 784);
      assert.deepEqual(await read(limited.test), await read(whole.test));
      assert.deepEqual(await read(other.test), await read(whole.test));
      assert.deepEqual(await read(limited.validation), await read(whole.validation));
      assert.notDeepEqual(await read(other.validation), await read(whole.validation));
      assert.equal(limited.training.count, 200);
    });

    it('reads a sample alike at any time, and refuses one that does not exist', async () => {
      const { training } = await open('builtin:digits', { limit: 20 });
      const together = await readSamples(training, [3, 4, 3], 784);
      assert.deepEqual(together.slice(0, 784), together.slice(1568));
      assert.deepEqual(await readSamples(training, [4], 784), together.slice(784, 1568));
      await assert.rejects(training.read([20], new Float32Array(784)), /There is no sample/);
    });
  });
});
