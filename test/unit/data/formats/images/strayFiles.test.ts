import assert from 'node:assert/strict';
import { join } from 'node:path';
import sharp from 'sharp';
import { assertProblems, removeFolder } from '../../../../support/datasets.ts';
import { writeImageFolder } from '../../../../support/imageFolder.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

describe('folders with more than a dataset in them', () => {
  const data = dataFolder('test', { validation: 0.2 });
  const { open, write } = data;

  it('are image folders whatever else lies in them, and what is passed over is told', async () => {
    await writeImageFolder(data.folder, { perClass: 8, size: 4 });
    write('a/readme.txt', 'What these are.');
    write('a/labels.csv', 'file,label\n0000.png,a\n');
    write('b/Thumbs.db', 'x');
    write('b/.DS_Store', 'x');
    write('LICENSE', 'x');
    write('labels.csv', 'file,label\n0000.png,a\n');
    write('__MACOSX/a/._0000.png', 'x');
    const dataset = await open();
    assert.equal(dataset.format, 'image folders');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['a', 'b'] });
    assert.match(toldOf(dataset), /2 files that are no images are passed over: a\/labels.csv, a\/readme.txt/);
  });

  it('are image folders where every image has a text beside it', async () => {
    await writeImageFolder(data.folder, { perClass: 8, size: 4 });
    for (let index = 0; index < 8; index++) write(`a/000${index}.txt`, '0 0.5 0.5 1 1');
    assert.equal((await open()).format, 'image folders');
  });

  it('are refused with the way out where they mark objects within images', async () => {
    const png = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (const [layout, files] of [
      ['COCO', ['train2017/1.png', 'annotations/instances_train2017.json']],
      ['YOLO', ['train/images/1.png', 'train/labels/1.txt', 'data.yaml']],
      ['CVAT', ['images/1.png', 'annotations.xml']],
      ['Pascal VOC', ['JPEGImages/1.png', 'Annotations/1.xml', 'ImageSets/Main/train.txt']],
    ] as const) {
      removeFolder(data.folder);
      for (const file of files) write(file, png);
      await assertProblems(open(), [new RegExp(`marks objects within images, as ${layout} does`)]);
    }
  });

  it('are text folders where there are texts, beside a picture', async () => {
    for (let index = 0; index < 8; index++)
      for (const name of ['a', 'b']) write(`${name}/${index}.txt`, `${name} text`);
    write('a/cover.png', 'x');
    assert.equal((await open()).format, 'text folders');
  });

  for (const place of ['test', 'test/unknown']) {
    it(`may have test images without classes, in ${place}`, async () => {
      await writeImageFolder(join(data.folder, 'train'), { perClass: 10, size: 4 });
      await writeImageFolder(join(data.folder, place, '..'), {
        perClass: 3,
        size: 4,
        classes: [place.split('/').at(-1)!],
      });
      const dataset = await open();
      assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [13, 3, 4]);
      assert.match(toldOf(dataset), /The 3 images in the folder test are unlabelled/);
    });
  }
});
