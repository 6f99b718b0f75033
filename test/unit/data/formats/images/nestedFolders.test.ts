import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classesOf } from '../../../../../src/data/task.ts';
import { assertProblems, bmpFile, problemsOf } from '../../../../support/datasets.ts';
import { countsOf, dataFolder, toldOf } from '../../../../support/dataFolder.ts';

describe('folders of images as people have them', () => {
  const data = dataFolder('test', { validation: 0.25, test: 0.25 });
  const { open } = data;
  let images: number;
  beforeEach(() => {
    images = 0;
  });
  /** Grey images of one pixel, no two alike. */
  const write = (path: string, count = 4): void => {
    mkdirSync(join(data.folder, path), { recursive: true });
    for (let index = 0; index < count; index++) {
      const level = images++ % 256;
      writeFileSync(
        join(data.folder, path, `${index}.bmp`),
        bmpFile({ width: 1, height: 1, bits: 24, rows: [level, level, level, 0] }),
      );
    }
  };

  for (const [training, validation, test] of [
    ['Train', 'Valid', 'TEST'],
    ['training_set', 'validation_set', 'test_set'],
    ['seg_train/seg_train', 'seg_dev', 'seg_test/seg_test'],
    ['train2017', 'val2017', 'Testing'],
    ['TrainImages', 'dev', 'test-images'],
  ] as const) {
    it(`have splits called ${training}, ${validation} and ${test}`, async () => {
      for (const [index, split] of [training, validation, test].entries()) {
        for (const name of ['cat', 'dog']) write(`${split}/${name}`, 4 - index);
      }
      const dataset = await open();
      assert.deepEqual(countsOf(dataset), [8, 6, 4]);
      assert.deepEqual(classesOf(dataset.task), ['cat', 'dog']);
    });
  }

  it('lie where an archive was unpacked to, beside what is no split', async () => {
    for (const name of ['cat', 'dog']) write(`archive/data/train/${name}`);
    for (const name of ['cat', 'dog']) write(`archive/data/test/${name}`, 2);
    write('archive/data/extra');
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['cat', 'dog']);
    assert.match(toldOf(dataset), /holds nothing but a folder: the data in .*archive.data are used\./);
    assert.match(toldOf(dataset), /The folder 'extra' beside train is no split and not used\./);
  });

  it('have the innermost folders for classes where these tell classes apart, which is told and can be changed', async () => {
    for (const name of ['animals/cats', 'animals/dogs', 'plants/roses', 'stones']) write(name);
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['animals/cats', 'animals/dogs', 'plants/roses', 'stones']);
    assert.match(
      toldOf(dataset),
      /innermost folders are the classes, such as 'animals\/cats', .*dataset\.classFolders: 'outermost'/,
    );
    assert.deepEqual(classesOf((await open('.', { classFolders: 'outermost' })).task), ['animals', 'plants', 'stones']);
  });

  it('have the outermost folders for classes where those in them are all called alike', async () => {
    for (const name of ['cats/2019', 'cats/2020', 'dogs/2019', 'dogs/2020']) write(name);
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['cats', 'dogs']);
    assert.equal(
      countsOf(dataset).reduce((sum, count) => sum + count),
      16,
    );
    assert.match(toldOf(dataset), /outermost folders are the classes/);
    assert.deepEqual(classesOf((await open('.', { classFolders: 'innermost' })).task).length, 4);
  });

  it('have the outermost folders for classes where those in them are only counted, as scenes of films', async () => {
    for (const name of ['walk/v_walk_g01', 'walk/v_walk_g02', 'run/v_run_g01', 'run/v_run_g07']) write(name);
    assert.deepEqual(classesOf((await open()).task), ['run', 'walk']);
    for (const name of ['extra/class1', 'extra/class2']) write(name);
    assert.equal(classesOf((await open()).task).length, 6);
  });

  it('have masks beside their images, which are no samples', async () => {
    for (const name of ['benign', 'normal']) {
      write(name, 8);
      for (let index = 0; index < 4; index++) {
        renameSync(join(data.folder, name, `${index}.bmp`), join(data.folder, name, `${name} (${index}).bmp`));
        const mask = `${name} (${index})_mask${index === 3 ? '_1' : ''}.bmp`;
        renameSync(join(data.folder, name, `${index + 4}.bmp`), join(data.folder, name, mask));
      }
    }
    const dataset = await open();
    assert.deepEqual(countsOf(dataset), [4, 2, 2]);
    const first = join('benign', 'benign \\(0\\)_mask.bmp');
    assert.match(toldOf(dataset), new RegExp(`8 images, ${first} first, are masks of the images beside them; they`));
  });

  it('have splits in the folders of the classes, which is told', async () => {
    for (const name of ['cat', 'dog'])
      for (const [index, split] of ['train', 'val', 'test'].entries()) write(`${name}/${split}`, 4 - index);
    const dataset = await open();
    assert.deepEqual(countsOf(dataset), [8, 6, 4]);
    assert.deepEqual(classesOf(dataset.task), ['cat', 'dog']);
    assert.match(toldOf(dataset), /Each folder of a class holds folders of splits, 'test', 'train' and 'val'/);
  });

  it('have classes that may be one, which is told', async () => {
    for (const name of ['caf\u00e9', 'cafe\u0301', 'big dog', 'big_dog', 'cow']) write(name);
    const told = toldOf(await open());
    assert.match(told, /The folders 'big dog' and 'big_dog' differ only in how they are written/);
    assert.match(told, /The folders 'cafe\u0301' and 'caf\u00e9' differ only/);
  });

  it('have folders of masks, which are no classes', async () => {
    for (const name of ['COVID', 'Normal']) for (const kind of ['images', 'masks']) write(`${name}/${kind}`);
    const dataset = await open();
    assert.deepEqual(classesOf(dataset.task), ['COVID', 'Normal']);
    assert.equal(
      countsOf(dataset).reduce((sum, count) => sum + count),
      8,
      'masks are not used',
    );
    assert.match(
      toldOf(dataset),
      /The folder COVID.masks holds masks and is no class: its images are called as those in COVID.images\./,
    );
  });

  it('are refused where there are only images and their masks, in one sentence', async () => {
    write('images');
    write('labels');
    const [problem, ...others] = await problemsOf(open());
    assert.equal(others.length, 0);
    assert.match(problem?.message ?? '', /The folder labels holds masks and is no class/);
    assert.match(problem?.hint ?? '', /Segmentation is not learned here.*'matching'/);
  });

  it('need no classes where the task needs no labels, flat or nested', async () => {
    write('.', 4);
    assert.deepEqual(countsOf(await open('.', { task: 'matching' })), [2, 1, 1]);
    write('deep/deeper', 4);
    write('other', 4);
    const dataset = await open('.', { task: 'reconstruction' });
    assert.deepEqual(
      countsOf(dataset).reduce((sum, count) => sum + count),
      12,
    );
    assert.match(toldOf(dataset), /All 12 images in and below the folder are used/);
    await assertProblems(open('.', { task: 'classification', path: 'other' }), [
      /The 4 images in .* belong to no class/,
    ]);
  });

  it('may keep the splits of images without labels', async () => {
    write('train', 6);
    write('val', 2);
    write('test', 2);
    assert.deepEqual(countsOf(await open('.', { task: 'matching' })), [6, 2, 2]);
  });
});
