import assert from 'node:assert/strict';
import { zipSync } from 'fflate';
import { doubtfulClasses } from '../../../../../src/data/formats/doubtfulClasses.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';
import { assertProblems, labelsOf } from '../../../../support/datasets.ts';
import { npyFile as npy } from '../../../../support/npyFile.ts';

describe('folders that are not what they seem', () => {
  const data = dataFolder('test', { validation: 0.1, test: 0.2 });
  const { write, open } = data;
  let drawn = 0;
  const draw = (name: string): void => {
    drawn++;
    write(name, `P2 4 4 255 ${Array.from({ length: 16 }, (_, at) => (at * drawn * 7) % 256).join(' ')}\n`);
  };

  it('are one set of classes where a folder among them holds them again, which is told', async () => {
    for (const name of ['yes', 'no', 'tumor/yes', 'tumor/no'])
      for (let at = 0; at < 10; at++) draw(`${name}/${at}.pgm`);
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['no', 'yes'] });
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 20);
    assert.match(toldOf(dataset), /The folder tumor holds the folders of the classes again/);
  });

  it('are warned of where they are called like splits or numbered persons', () => {
    const told = (...names: readonly string[]): string =>
      doubtfulClasses(names)
        .map(({ message }) => message)
        .join();
    assert.match(told('bounding_box_train', 'query'), /'bounding_box_train' is called like a split/);
    assert.match(told('Actor_01', 'Actor_02'), /numbered, such as 'Actor_01', as persons and parts are/);
    assert.equal(told('cat', 'train', 's1', 's2'), '');
  });

  it('have the classes of a test that a table with names of columns lists, also by number', async () => {
    for (const name of ['00000', '00014'])
      for (let at = 0; at < 10; at++) draw(`Final_Training/Images/${name}/${at}.ppm`);
    const rows = Array.from({ length: 5 }, (_, at) => {
      draw(`Final_Test/Images/${at}.ppm`);
      return `${at}.ppm;4;4;${at % 2 === 0 ? 14 : 0}`;
    });
    write('Final_Test/Images/GT-final_test.csv', `Filename;Width;Height;ClassId\n${rows.join('\n')}\n`);
    const dataset = await open();
    assert.equal(dataset.training.count + dataset.validation.count, 20);
    assert.deepEqual([...labelsOf(dataset.test)].sort(), [0, 0, 1, 1, 1]);
    assert.match(toldOf(dataset), /classes of the 5 images in .*Images are those that GT-final_test\.csv lists/);
  });

  it('are refused with the way out where labels lie in arrays, or in exports of programs that mark images', async () => {
    for (let at = 0; at < 6; at++) draw(`jpg/image_${at}.pgm`);
    const labels = (count: number): Uint8Array =>
      npy(
        '|u1',
        [count],
        Uint8Array.from({ length: count }, (_, at) => at % 2),
      );
    write('labels.npy', labels(6));
    write('setid.npy', labels(3));
    await assertProblems(open(), [
      /has labels in labels\.npy and images in jpg, and nothing says which belong together/,
    ]);
    for (const name of ['1', '2']) {
      draw(`one/${name}.pgm`);
      write(`one/${name}.json`, JSON.stringify({ version: '5', shapes: [{ label: 'a' }], imagePath: `${name}.pgm` }));
    }
    write('two.json', JSON.stringify([{ id: 1, annotations: [{ result: [] }], data: { text: 'a' } }]));
    await assertProblems(open('one'), [/is an export of LabelMe/]);
    await assertProblems(open('two.json'), [/is an export of Label Studio/]);
    write('dump.sql', 'CREATE TABLE t (a INT);\n');
    await assertProblems(open('dump.sql'), [/is a dump of a database; it is not read/]);
  });

  it('are no matter where arrays without names are samples and labels', async () => {
    const x = npy(
      '<f4',
      [20, 3],
      Float32Array.from({ length: 60 }, (_, at) => Math.sin(at)),
    );
    const y = npy(
      '|u1',
      [20],
      Uint8Array.from({ length: 20 }, (_, at) => at % 2),
    );
    write('pair.npz', zipSync({ 'arr_0.npy': x, 'arr_1.npy': y }));
    const dataset = await open('pair.npz');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    assert.match(toldOf(dataset), /arrays of pair\.npz have no names: the first is taken for the samples/);
    write('other.npz', zipSync({ 'arr_0.npy': y, 'arr_1.npy': x }));
    await assertProblems(open('other.npz'), [/has no arrays of samples or labels, only arr_0, arr_1/]);
  });

  it('of streets are images and masks, and of roads images and boxes', async () => {
    for (let at = 0; at < 6; at++) {
      draw(`streets/leftImg8bit/train/aachen/aachen_${at}_leftImg8bit.pgm`);
      draw(`streets/gtFine/train/aachen/aachen_${at}_gtFine_labelIds.pgm`);
      draw(`roads/training/image_2/${at}.pgm`);
      write(`roads/training/label_2/${at}.txt`, 'Car 0.00 0 -1.58 587.01 173.33 614.12 200.12\n');
    }
    await assertProblems(open('streets'), [/gtFine holds masks and is no class/]);
    await assertProblems(open('roads'), [/marks objects within images, as KITTI does/]);
    for (const name of ['a', 'b']) write(`videos/${name}/1.avi`, 'RIFF');
    await assertProblems(open('videos'), [/2 files, a.1\.avi first, are videos, which cannot be read here/]);
  });

  it('of Roboflow have a table of the class of each image in each split', async () => {
    for (const [split, count] of [['train', 12] as const, ['test', 6] as const]) {
      const rows = Array.from({ length: count }, (_, at) => {
        draw(`${split}/${split}${at}.pgm`);
        return `${split}${at}.pgm, ${at % 3 === 0 ? 1 : 0}, ${at % 3 === 1 ? 1 : 0}, ${at % 3 === 2 ? 1 : 0}`;
      });
      write(`${split}/_classes.csv`, `filename, cat, dog, fox\n${rows.join('\n')}\n`);
    }
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'multi-label', classes: ['cat', 'dog', 'fox'] });
    assert.equal(dataset.test.count, 6);
    assert.match(toldOf(dataset), /are predicted, as one of them is 1 in every row/);
  });
});
