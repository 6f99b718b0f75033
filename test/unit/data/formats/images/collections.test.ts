import assert from 'node:assert/strict';
import { classesOf } from '../../../../../src/data/task.ts';
import { assertProblems, bmpFile, removeFolder } from '../../../../support/datasets.ts';
import { countsOf, dataFolder, toldOf } from '../../../../support/dataFolder.ts';

describe('image folders of collections', () => {
  const data = dataFolder('test', { validation: 0.25, test: 0.25 });
  const { open, write } = data;
  let images: number;
  beforeEach(() => {
    images = 0;
  });
  /** Grey images of one pixel, no two alike, called by their number. */
  const draw = (count: number, path: (index: number) => string): void => {
    for (let index = 0; index < count; index++) {
      const level = images++ % 256;
      write(path(index), bmpFile({ width: 1, height: 1, bits: 24, rows: [level, level, level, 0] }));
    }
  };

  it('have a list of classes in place of folders in a split, as Tiny ImageNet', async () => {
    for (const name of ['n01', 'n02']) {
      draw(6, (index) => `train/${name}/images/${name}_${index}.bmp`);
      write(`train/${name}/${name}_boxes.txt`, `${name}_0.bmp\t0\t10\t63\t58\n`);
    }
    draw(4, (index) => `val/images/val_${index}.bmp`);
    draw(3, (index) => `test/images/test_${index}.bmp`);
    write(
      'val/val_annotations.txt',
      [0, 1, 2, 3].map((index) => `val_${index}.bmp\tn0${1 + (index % 2)}\t0\t32\t44\t62\n`).join(''),
    );
    write('wnids.txt', 'n01\nn02\n');
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['n01', 'n02']);
    assert.deepEqual([dataset.brings, countsOf(dataset)], [{ validation: true, test: false }, [9, 4, 3]]);
    assert.match(toldOf(dataset), /The classes of the 4 images in val are those that val_annotations\.txt lists/);
    assert.match(toldOf(dataset), /The 3 images in the folder test are unlabelled/);
    const labels = dataset.validation.targets;
    assert.ok(labels.kind === 'classes');
    assert.deepEqual([...labels.labels].sort(), [0, 0, 1, 1]);
  });

  it('have that list far above, as ImageNet of a competition', async () => {
    const data = 'ILSVRC/Data/CLS-LOC';
    for (const name of ['n01', 'n02']) draw(6, (index) => `${data}/train/${name}/${name}_${index}.bmp`);
    draw(4, (index) => `${data}/val/ILSVRC2012_val_${index}.bmp`);
    write(
      'LOC_val_solution.csv',
      `ImageId,PredictionString\n${[0, 1, 2, 3].map((index) => `ILSVRC2012_val_${index},n0${1 + (index % 2)} 10 10 50 40\n`).join('')}`,
    );
    const dataset = await open();
    assert.deepEqual([dataset.format, dataset.brings.validation, dataset.validation.count], ['image folders', true, 4]);
  });

  it('lie beside folders that hold no images, and lists say the splits, as Food-101', async () => {
    for (const name of ['apple_pie', 'baklava']) draw(8, (index) => `images/${name}/${name}${index}.bmp`);
    const list = (from: number, to: number): string =>
      ['apple_pie', 'baklava']
        .flatMap((name) => Array.from({ length: to - from }, (_, index) => `${name}/${name}${from + index}\n`))
        .join('');
    write('meta/train.txt', list(0, 5));
    write('meta/test.txt', list(5, 7));
    write('meta/classes.txt', 'apple_pie\nbaklava\n');
    const dataset = await open();
    assert.deepEqual(
      [dataset.brings.test, dataset.test.count, dataset.training.count + dataset.validation.count],
      [true, 4, 10],
    );
    assert.match(
      toldOf(dataset),
      /meta\/test\.txt \(4\), meta\/train\.txt \(10\)\. 2 files are in none of them and not used/,
    );
    assert.match(toldOf(dataset), /holds images in one folder alone/);
  });

  it('are told apart by their names where the masks lie in a folder within another, as Oxford pets', async () => {
    for (const name of ['Abyssinian', 'great_dane']) {
      draw(8, (index) => `images/${name}_${index}.bmp`);
      draw(8, (index) => `annotations/trimaps/${name}_${index}.bmp`);
    }
    write('annotations/test.txt', 'Abyssinian_1 1 1 1\ngreat_dane_2 2 2 1\n');
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['Abyssinian', 'great_dane']);
    assert.equal(dataset.test.count, 2);
    assert.match(toldOf(dataset), /annotations holds masks and is no class/);
    assert.match(toldOf(dataset), /All others are to train with/);
  });

  it('lie beside a folder of other files, which is told and no class', async () => {
    for (const name of ['cat', 'dog']) draw(6, (index) => `${name}/${index}.bmp`);
    write('notes/readme.txt', 'Words.');
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['cat', 'dog']);
    assert.match(toldOf(dataset), /The folder notes beside those of the classes holds no images/);
  });

  it('are refused where boxes are marked in texts beside the images', async () => {
    draw(4, (index) => `obj_train_data/${index}.bmp`);
    for (let index = 0; index < 4; index++) write(`obj_train_data/${index}.txt`, '0 0.5 0.5 0.2 0.25\n');
    write('obj.names', 'dog\n');
    await assertProblems(open(), [/marks objects within images, as YOLO does/]);
    removeFolder(data.folder);
    for (let index = 0; index < 4; index++) write(`VOCdevkit/VOC2007/Annotations/${index}.xml`, '<annotation/>');
    draw(4, (index) => `VOCdevkit/VOC2007/JPEGImages/${index}.bmp`);
    await assertProblems(open(), [/as Pascal VOC does/]);
  });

  it('have a list of names and labels beside them, or in lists of the splits', async () => {
    draw(12, (index) => `${index}.bmp`);
    write(
      'labels.txt',
      Array.from({ length: 12 }, (_, index) => `${index}.bmp ${index % 2 ? 'cat' : 'dog'}\n`).join(''),
    );
    assert.deepEqual(classesOf((await open()).task), ['cat', 'dog']);
    removeFolder(data.folder);
    draw(12, (index) => `images/${index}.bmp`);
    for (const [split, from, to] of [
      ['train', 0, 8],
      ['val', 8, 12],
    ] as const) {
      write(
        `${split}.txt`,
        Array.from({ length: to - from }, (_, index) => `images/${from + index}.bmp ${index % 2}\n`).join(''),
      );
    }
    const dataset = await open();
    assert.deepEqual(
      [classesOf(dataset.task), dataset.validation.count, dataset.brings],
      [['0', '1'], 4, { validation: true, test: false }],
    );
  });

  it('may have been converted since a table named them, and have labels that the test lacks', async () => {
    draw(12, (index) => `images/leaf${index}.bmp`);
    const row = (index: number): string =>
      `leaf${index}.jpg,${index % 3 === 0 ? 1 : 0},${index % 3 === 1 ? 1 : 0},${index % 2}`;
    write('train.csv', `image,healthy,rust,scab\n${Array.from({ length: 9 }, (_, index) => row(index)).join('\n')}\n`);
    write('test.csv', 'image\nleaf9.jpg\nleaf10.jpg\nleaf11.jpg\n');
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'multi-label', classes: ['healthy', 'rust', 'scab'] });
    assert.match(
      toldOf(dataset),
      /'healthy', 'rust' and 'scab' are predicted, as they are 0 or 1 and those that test\.csv lacks/,
    );
  });
});
