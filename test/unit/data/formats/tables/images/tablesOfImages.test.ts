import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../../../../src/data/dataset.ts';
import { assertProblems, bmpFile, labelsOf, readSamples } from '../../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../../support/dataFolder.ts';

const COUNT = 12;

describe('images with a table of labels', () => {
  const data = dataFolder('test', { validation: 0.25, test: 0.25 });
  const { open, write } = data;
  /** Grey images of one pixel: image n has the level 10 n. */
  const writeImages = (path: string, nameOf: (index: number) => string, from = 0, to = COUNT): void => {
    for (let index = from; index < to; index++) {
      const level = 10 * index;
      write(
        join(path, `${nameOf(index)}.bmp`),
        bmpFile({ width: 1, height: 1, bits: 24, rows: [level, level, level, 0] }),
      );
    }
  };
  const lines = (head: string, nameOf: (index: number) => string, from = 0, to = COUNT): string =>
    [
      head,
      ...Array.from(
        { length: to - from },
        (_, row) => `${nameOf(from + row)},${(from + row) % 2 === 0 ? 'even' : 'odd'}`,
      ),
    ].join('\n');
  /** Every image has the label that its level says. */
  const assertLabelled = async (dataset: Dataset, count = COUNT): Promise<void> => {
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['even', 'odd'] });
    let samples = 0;
    for (const split of [dataset.training, dataset.validation, dataset.test]) {
      const values = await readSamples(split, [...Array(split.count).keys()], 1);
      assert.deepEqual(
        [...labelsOf(split)],
        [...values].map((value) => Math.round(value * 25.5) % 2),
      );
      samples += split.count;
    }
    assert.equal(samples, count);
  };
  const hash = (index: number): string => `f${String(index * 7919).padStart(8, '0')}`;

  it('may lie in several folders, which are no classes as the table names what is in them', async () => {
    writeImages('part_1', hash, 0, 6);
    writeImages('part_2', hash, 6);
    write('metadata.csv', lines('image_id,dx', hash));
    const dataset = await open();
    await assertLabelled(dataset);
    assert.match(toldOf(dataset), /the column 'image_id' names the images, such as part_1/);
  });

  it('are refused where what describes them is another text for each', async () => {
    writeImages('images', hash);
    const rows = Array.from({ length: COUNT }, (_, index) => `images/${hash(index)}.bmp,picture number ${index}`);
    write('metadata.csv', ['file_name,text', ...rows].join('\n'));
    await assertProblems(open(), [/'text' has another value in each of the 12 rows/], 'dataset.target');
  });

  it('are found by ids without extension beside the table, and images of no row are told', async () => {
    writeImages('train', hash);
    writeImages('test', (index) => `t${index}`, 0, 5);
    write('labels.csv', lines('id,breed', hash));
    write('sample_submission.csv', 'id,even,odd\nt0,0.5,0.5\n');
    const dataset = await open();
    await assertLabelled(dataset);
    assert.equal(dataset.format, 'CSV of images');
    assert.match(
      toldOf(dataset),
      /the column 'id' names the images, such as train.f00000000\.bmp; 5 images are named by no row/,
    );
    await assertLabelled(await open('labels.csv'));
  });

  it('are found by numbers, with the images of the training split where another has the same', async () => {
    writeImages('train', (index) => String(index));
    writeImages('test', (index) => String(index), 3, 9);
    write('train/0.bmp.txt', 'no image');
    write(
      'trainLabels.csv',
      lines('image_id,label', (index) => String(index)),
    );
    await assertLabelled(await open());
  });

  it('are found by paths of another machine, once the directories in front are taken off', async () => {
    writeImages('train/cats', hash);
    for (const front of ['/kaggle/input/pets', 'C:\\data\\pets']) {
      const path = (index: number): string =>
        [front, 'train', 'cats', `${hash(index)}.bmp`].join(front[0] === '/' ? '/' : '\\');
      write('labels.csv', lines('path,label', path));
      const dataset = await open('labels.csv');
      await assertLabelled(dataset);
      assert.match(
        toldOf(dataset),
        /the paths of 'path' begin with .*pets, which is not here; the images are those that lie/,
      );
    }
    write(
      'labels.csv',
      lines('path,label', (index) => `/elsewhere/dogs/${hash(index)}x.bmp`),
    );
    await assertProblems(open('labels.csv'), [
      /^Line 2 of labels\.csv names \/elsewhere\/dogs\/\w+\.bmp \(and \d+ more like it\), which is not in the folder/,
    ]);
  });

  it('are found by names with extension in a folder that the table does not name, or beside it', async () => {
    writeImages('pictures', hash);
    write(
      'train.csv',
      lines('filename,label', (index) => `${hash(index)}.bmp`),
    );
    await assertLabelled(await open());
    writeImages('flat', hash);
    write(
      'flat/labels.csv',
      lines('file,label', (index) => `${hash(index)}.bmp`),
    );
    await assertLabelled(await open('flat'));
  });

  it('lack some, which is told; where most are lacking, the table is read as it is', async () => {
    writeImages('images', hash, 0, 11);
    write('labels.csv', lines('id,label', hash));
    const dataset = await open();
    await assertLabelled(dataset, 11);
    assert.match(toldOf(dataset), /1 of 12 rows name no image that is there, 'f00087109' first, and are left out/);
    write(
      'values/data.csv',
      lines('id,size,label', (index) => `${hash(index)},${index}`),
    );
    writeImages('values/plots', (index) => `plot${index}`, 0, 3);
    assert.equal((await open('values')).format, 'CSV');
  });

  it('have the metadata of an imagefolder, in CSV or JSON lines, split by split', async () => {
    for (const [split, from, to] of [
      ['train', 0, 8],
      ['validation', 8, 10],
      ['test', 10, 12],
    ] as const) {
      writeImages(split, hash, from, to);
      write(
        `${split}/metadata.jsonl`,
        Array.from({ length: to - from }, (_, row) =>
          JSON.stringify({ file_name: `${hash(from + row)}.bmp`, label: (from + row) % 2 === 0 ? 'even' : 'odd' }),
        ).join('\n'),
      );
    }
    const dataset = await open();
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [8, 2, 2]);
    await assertLabelled(dataset);
    writeImages('one/data', hash);
    write(
      'one/metadata.csv',
      lines('file_name,label', (index) => `data/${hash(index)}.bmp`),
    );
    await assertLabelled(await open('one'));
  });

  it('reach nothing outside of their folder, by a link neither', async () => {
    writeImages('elsewhere', hash);
    writeImages('data/images', hash, 0, 11);
    symlinkSync(join(data.folder, 'elsewhere', `${hash(11)}.bmp`), join(data.folder, 'data/images', `${hash(11)}.bmp`));
    write('data/labels.csv', lines('id,label', hash));
    await assertLabelled(await open('data'), 11);
    write(
      'data/labels.csv',
      lines('path,label', (index) => `../elsewhere/${hash(index)}.bmp`),
    );
    await assertProblems(open('data'), [/names \.\.\/elsewhere.* \(and 11 more like it\), which is not in the folder/]);
  });

  it('have their labels in a file of JSON, in any form, also in the folders of splits', async () => {
    const labelOf = (index: number): string => (index % 2 === 0 ? 'even' : 'odd');
    const pairs = (from = 0, to = COUNT) =>
      Array.from({ length: to - from }, (_, row) => [`${hash(from + row)}.bmp`, labelOf(from + row)] as const);
    writeImages('images', hash);
    for (const content of [
      JSON.stringify(Object.fromEntries(pairs())),
      JSON.stringify(pairs().map(([image, label]) => ({ image, label }))),
      JSON.stringify({ data: pairs().map(([path, category]) => ({ path: `images/${path}`, category })) }),
      pairs()
        .map(([file, label]) => JSON.stringify({ file, class: label }))
        .join('\n'),
      JSON.stringify(pairs()),
    ]) {
      write('labels.json', content);
      await assertLabelled(await open());
    }
    write('other.json', JSON.stringify({ '0': 'even', '1': 'odd' }));
    await assertLabelled(await open());
    for (const [split, from, to] of [
      ['train', 0, 8],
      ['test', 8, 12],
    ] as const) {
      writeImages(`splits/${split}`, hash, from, to);
      write(`splits/${split}/labels.json`, JSON.stringify(Object.fromEntries(pairs(from, to))));
    }
    const dataset = await open('splits', { validation: 0.25 });
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [6, 2, 4]);
    await assertLabelled(dataset);
  });

  it('are called by numbers with an ending, which are no amounts, also in a list with blanks', async () => {
    const numbered = (index: number): string => String(index).padStart(4, '0');
    writeImages('table/images', numbered);
    write(
      'table/labels.csv',
      lines('image,label', (index) => `${numbered(index)}.bmp`),
    );
    await assertLabelled(await open('table'));
    writeImages('listed/images', numbered);
    write(
      'listed/labels.txt',
      Array.from({ length: COUNT }, (_, index) => `${numbered(index)}.bmp ${index % 2 === 0 ? 'even' : 'odd'}`).join(
        '\n',
      ),
    );
    await assertLabelled(await open('listed'));
  });

  it('are told to mark objects where they do, whatever the file is called', async () => {
    writeImages('coco/images', hash);
    write('coco/instances.json', JSON.stringify({ images: [], annotations: [], categories: [] }));
    await assertProblems(open('coco'), [/marks objects within images, as COCO does/]);
    writeImages('voc', hash);
    for (let index = 0; index < COUNT; index++)
      write(`voc/${hash(index)}.xml`, '<annotation><object><name>dog</name></object></annotation>');
    await assertProblems(open('voc'), [/marks objects within images, as Pascal VOC does/]);
  });
});
