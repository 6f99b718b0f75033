import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetOptions } from '../../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../../src/data/openDataset.ts';
import {
  assertProblems,
  bmpFile,
  datasetOptions,
  labelsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
} from '../../../../../support/datasets.ts';

/** A grey image of one pixel. */
const pixel = (value: number): Buffer => bmpFile({ width: 1, height: 1, bits: 24, rows: [value, value, value, 0] });

describe('an index of images', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
    mkdirSync(join(folder, 'images'));
    for (let index = 0; index < 20; index++) writeFileSync(join(folder, 'images', `${index}.bmp`), pixel(10 * index));
  });
  after(() => {
    removeFolder(folder);
  });
  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const open = (path: string, changes: Partial<DatasetOptions> = {}, memory?: number): Promise<Dataset> =>
    openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed: 0, memory });
  const rows = Array.from({ length: 20 }, (_, index) => ({
    path: `images/${index}.bmp`,
    label: index % 2 === 0 ? 'even' : 'odd',
  }));

  for (const [name, content] of [
    ['index.csv', ['path,label', ...rows.map(({ path, label }) => `${path},${label}`)].join('\n')],
    ['index.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')],
  ] as const) {
    it(`is read from ${name}`, async () => {
      const dataset = await open(write(name, content));
      assert.deepEqual(dataset.task, { kind: 'classification', classes: ['even', 'odd'] });
      assert.deepEqual(dataset.sampleShape, [1, 1, 1]);
      const labels = labelsOf(dataset.training);
      const values = await readSamples(dataset.training, [...Array(dataset.training.count).keys()], 1);
      values.forEach((value, row) => {
        assert.equal(Math.round(value * 25.5) % 2, labels[row]);
      });
    });
  }

  it('may have numbers to predict', async () => {
    write('ages.csv', ['file,age', ...rows.map(({ path }, index) => `${path},${20.5 + index}`)].join('\n'));
    const dataset = await open('ages.csv');
    assert.deepEqual(dataset.task, { kind: 'regression', targets: ['age'] });
    assert.ok(dataset.preparation.kind === 'pixels' && dataset.preparation.targets?.length === 1);
  });

  describe('with more images than may be decoded at once', () => {
    const memory = 10;
    it('has the same samples', async () => {
      write('few.csv', ['path,label', ...rows.map(({ path, label }) => `${path},${label}`)].join('\n'));
      const all = (dataset: Dataset): Promise<Float32Array> =>
        readSamples(dataset.training, [...Array(dataset.training.count).keys()], 1);
      const held = await open('few.csv');
      const streamed = await open('few.csv', {}, memory);
      try {
        assert.ok(streamed.training.stream && !held.training.stream);
        assert.deepEqual(labelsOf(streamed.training), labelsOf(held.training));
        assert.deepEqual(await all(streamed), await all(held));
      } finally {
        await streamed.dispose();
      }
    });

    it('names a corrupt one whose number no other has', async () => {
      const ages = rows.map(({ path }, index) => `${path},${20.5 + index}`);
      write('numbers.csv', ['file,age', ...ages].join('\n'));
      const dataset = await open('numbers.csv', { validation: 0.05, test: 0.05 }, memory);
      const whole = readFileSync(join(folder, 'images', '7.bmp'));
      try {
        writeFileSync(join(folder, 'images', '7.bmp'), whole.subarray(0, 20));
        const { training, validation, test } = dataset;
        await assertProblems(
          Promise.all(
            [training, validation, test].map((split) => readSamples(split, [...Array(split.count).keys()], 1)),
          ),
          [
            /images\/7.bmp cannot be decoded: the file ends within its header; no other of its split has the same label/,
          ],
        );
      } finally {
        writeFileSync(join(folder, 'images', '7.bmp'), whole);
        await dataset.dispose();
      }
    });
  });

  it('never leads out of its folder', async () => {
    write('out.csv', 'path,label\n../secret.png,a\nimages/1.bmp,b\n/etc/x.png,a\nC:\\x.png,b\nimages/../../x.png,a\n');
    await assertProblems(open('out.csv'), [
      /Line 2 of out.csv names \.\.\/secret.png, which is not in the folder/,
      /Line 4 of out.csv names \/etc\/x.png/,
      /Line 5 of out.csv names C:\\x.png/,
      /Line 6 of out.csv names images\/\.\.\/\.\.\/x.png/,
    ]);
  });

  it('leaves out the lines whose images are corrupt', async () => {
    writeFileSync(join(folder, 'images', 'broken.bmp'), pixel(1).subarray(0, 20));
    const lines = rows.map(({ path, label }, index) => `${path},${label},${index}`);
    write('broken.csv', ['path,label,age', 'images/broken.bmp,even,1000', ...lines].join('\n'));
    const dataset = await open('broken.csv', { target: 'age', scaling: 'none' });
    const { training, validation, test } = dataset;
    assert.equal(training.count + validation.count + test.count, 20);
    for (const { count, targets, read } of [training, validation, test]) {
      const values = new Float32Array(count);
      await read([...Array(count).keys()], values);
      assert.ok(targets.kind === 'values');
      // The image of line n has the level 10 n.
      assert.deepEqual(
        targets.values,
        values.map((value) => Math.round(value * 25.5)),
      );
    }
    assert.match(
      dataset.findings.map(({ message }) => message).join('\n'),
      /1 image is corrupt and was left out: images\/broken\.bmp\./,
    );
    await assertProblems(open('broken.csv', { target: 'age', strict: true }), [/images\/broken.bmp cannot be decoded/]);
  });

  it('names every image that is missing', async () => {
    write('missing.csv', 'path,label\nimages/0.bmp,a\nimages/none.bmp,b\nimages/2.bmp,a\n');
    await assertProblems(open('missing.csv'), [/The image images\/none.bmp cannot be decoded: there is no such file/]);
    // What many have in common is one mistake.
    const lines = Array.from({ length: 8 }, (_, index) => `images/${index < 5 ? index : 100 + index}.bmp,${index % 2}`);
    write('several.csv', `path,label\n${lines.join('\n')}\n`);
    await assertProblems(open('several.csv'), [
      /3 images, images\/10\d\.bmp first, cannot be decoded: there is no such/,
    ]);
  });
});
