import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { unpackChunk } from '../../../../../src/data/formats/arrays/hdf5/unpackChunk.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, problemsOf, datasetOptions, readSamples } from '../../../../support/datasets.ts';
import { fullOr, tellShortened } from '../../../../support/full.ts';
import { HDF5_FILES, hdf5File } from '../../../../support/hdf5Files.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

const MUTATIONS = fullOr(200, 12);

describe('HDF5 files', () => {
  const data = dataFolder('suite', { scaling: 'none' });
  const { open } = data;
  before(() => {
    for (const name of HDF5_FILES) writeFileSync(join(data.folder, name), hdf5File(name));
  });
  /** The second column follows from the first: 100.25 − 3 (x − 0.5). */
  const assertRows = async ({ training, sampleShape }: Dataset): Promise<void> => {
    assert.deepEqual(sampleShape, [2]);
    const values = await readSamples(
      training,
      Array.from({ length: training.count }, (_, row) => row),
      2,
    );
    for (let at = 0; at < values.length; at += 2) assert.equal(values[at + 1], 100.25 - 3 * ((values[at] ?? 0) - 0.5));
    const first = Array.from({ length: training.count }, (_, row) => values[2 * row]);
    assert.equal(new Set(first).size, training.count);
  };

  it('hold arrays in groups, in chunks that are packed and stand out', async () => {
    const dataset = await open('chunks.h5');
    assert.equal(dataset.format, 'HDF5');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    await assertRows(dataset);
  });

  it('are parts of the samples where there are nothing but labels beside them', async () => {
    const dataset = await open('columns.h5');
    assert.deepEqual(dataset.sampleShape, [2]);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    assert.ok(dataset.samples.kind === 'values');
    assert.deepEqual(
      dataset.samples.parts?.map(({ name }) => name),
      ['length', 'mass'],
    );
  });

  it('may be packed with LZF, and an array alone needs no name', async () => {
    const options = datasetOptions('lzf.h5', { scaling: 'none', task: 'matching' });
    const { training, sampleShape } = await openDataset(options, { baseDirectory: data.folder, seed: 0 });
    assert.deepEqual(sampleShape, [6]);
    const [a, b, c, d] = await readSamples(training, [5], 6);
    assert.deepEqual([b, c, d], [a, a, 100.25 - 3 * ((a ?? 0) - 0.5)]);
  });

  it('hold splits as groups, and what was never written is their fill value', async () => {
    const dataset = await open('splits.hdf5');
    assert.deepEqual(dataset.sampleShape, [1, 6, 5]);
    assert.equal(dataset.test.count, 4);
    const pixels = await readSamples(dataset.test, [3], 30);
    for (const pixel of pixels) assert.ok(Math.abs(pixel * 255 - 7) < 1e-4);
  });

  it('are joined where each file of a folder is called like its split, and left alone beside other data', async () => {
    const inside = (name: string, ...files: readonly (readonly [string, Uint8Array | string])[]): string => {
      mkdirSync(join(data.folder, name));
      for (const [file, content] of files) writeFileSync(join(data.folder, name, file), content);
      return name;
    };
    const bytes = hdf5File('chunks.h5');
    const { brings, training, validation, test } = await open(
      inside('files', ['photos_train.h5', bytes], ['photos_test.h5', bytes], ['README.md', 'Rows.']),
    );
    assert.deepEqual(brings, { validation: false, test: true });
    assert.deepEqual([training.count + validation.count, test.count], [20, 20]);
    await assertProblems(open(inside('several', ['a.h5', bytes], ['b.h5', bytes])), [/a\.h5, b\.h5 have an array 'x'/]);
    const rows = Array.from({ length: 20 }, (_, row) => `${row * 1.5},${row % 2 === 0 ? 'even' : 'odd'}`);
    const table = await open(inside('weights', ['train.csv', ['x,label', ...rows].join('\n')], ['model.h5', bytes]));
    assert.equal(table.format, 'CSV');
  });

  it('are what MATLAB writes in version 7.3, with its order of the axes', async () => {
    const dataset = await open('matlab73.mat');
    assert.equal(dataset.format, 'MATLAB');
    await assertRows(dataset);
  });

  it('that hold texts, or are packed otherwise, are refused with the way out', async () => {
    await assertProblems(open('unread.h5'), [/y in unread\.h5 is not read: it is texts\./]);
    assert.throws(
      () => unpackChunk(Buffer.alloc(8), { filters: [6], skipped: 0, size: 4, bytes: 8 }),
      /packed with scale-offset, which is not read/,
    );
    writeFileSync(join(data.folder, 'text.h5'), 'x,y\n1,2\n');
    await assertProblems(open('text.h5'), [/text\.h5 cannot be read as HDF5: it has no signature of HDF5/]);
    writeFileSync(join(data.folder, 'short.h5'), hdf5File('chunks.h5').subarray(0, 900));
    await assertProblems(open('short.h5'), [/short\.h5 cannot be read|short\.h5 is not read/]);
  });

  it('that hold tables are refused with the line that converts them', async () => {
    for (const [file, what, line] of [
      ['records.h5', /people in records\.h5 is a table of records/, /h5py\.File\('records\.h5'\)\['people'\]/],
      [
        'pandas.h5',
        /pandas\.h5 holds the table 'df' as pandas stores it/,
        /read_hdf\('pandas\.h5', 'df'\)\.to_parquet/,
      ],
    ] as const) {
      const [problem] = await problemsOf(open(file));
      assert.match(problem?.message ?? '', what);
      assert.match(problem?.hint ?? '', line);
    }
  });

  it('that are damaged are refused or read, and nothing hangs', async () => {
    if (MUTATIONS < 200) tellShortened(`damaged HDF5 files: ${MUTATIONS} of 200`);
    const random = randomStream(0, 'damaged HDF5 files');
    for (let round = 0; round < MUTATIONS; round++) {
      const name = round % 2 === 0 ? 'chunks.h5' : 'matlab73.mat';
      writeFileSync(join(data.folder, `mutated-${name}`), mutated(hdf5File(name), random));
      await acceptedOrRefused(() => open(`mutated-${name}`));
    }
  });

  it('whose tree goes in circles are refused, and so are those that never end', async () => {
    const bytes = hdf5File('chunks.h5');
    // Every node of a tree becomes its own child.
    for (let at = bytes.indexOf('TREE'); at >= 0; at = bytes.indexOf('TREE', at + 1)) {
      bytes.writeUInt8(1, at + 5);
      const first = bytes[at + 4] === 1 ? at + 24 + 8 + 8 * 3 : at + 24 + 8;
      bytes.writeBigUInt64LE(BigInt(at), first);
    }
    writeFileSync(join(data.folder, 'circle.h5'), bytes);
    const began = performance.now();
    await assertProblems(open('circle.h5'), [/circle\.h5/]);
    assert.ok(performance.now() - began < 15_000);
  });
});
