import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import type { Dataset, DatasetOptions } from '../../../../../src/data/dataset.ts';
import { doubtfulClasses } from '../../../../../src/data/formats/doubtfulClasses.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import {
  assertProblems,
  datasetOptions,
  labelsOf,
  removeFolder,
  temporaryFolder,
} from '../../../../support/datasets.ts';
import { npyFile as npy } from '../../../../support/npyFile.ts';

describe('folders that are not what they seem', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  let drawn = 0;
  const draw = (name: string): void => {
    drawn++;
    write(name, `P2 4 4 255 ${Array.from({ length: 16 }, (_, at) => (at * drawn * 7) % 256).join(' ')}\n`);
  };
  const open = (changes: Partial<DatasetOptions> = {}): Promise<Dataset> =>
    openDataset(datasetOptions('.', { validation: 0.1, test: 0.2, ...changes }), { baseDirectory: folder, seed: 0 });
  const told = ({ findings }: Dataset): string => findings.map(({ message }) => message).join('\n');

  it('are one set of classes where a folder among them holds them again, which is told', async () => {
    for (const name of ['yes', 'no', 'tumor/yes', 'tumor/no'])
      for (let at = 0; at < 10; at++) draw(`${name}/${at}.pgm`);
    const dataset = await open();
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['no', 'yes'] });
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 20);
    assert.match(told(dataset), /The folder tumor holds the folders of the classes again/);
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
    assert.match(told(dataset), /classes of the 5 images in .*Images are those that GT-final_test\.csv lists/);
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
    const at = (path: string) => openDataset(datasetOptions(path), { baseDirectory: folder, seed: 0 });
    await assertProblems(at('one'), [/is an export of LabelMe/]);
    await assertProblems(at('two.json'), [/is an export of Label Studio/]);
    write('dump.sql', 'CREATE TABLE t (a INT);\n');
    await assertProblems(at('dump.sql'), [/is a dump of a database; it is not read/]);
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
    const dataset = await openDataset(datasetOptions('pair.npz'), { baseDirectory: folder, seed: 0 });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1'] });
    assert.match(told(dataset), /arrays of pair\.npz have no names: the first is taken for the samples/);
    write('other.npz', zipSync({ 'arr_0.npy': y, 'arr_1.npy': x }));
    await assertProblems(openDataset(datasetOptions('other.npz'), { baseDirectory: folder, seed: 0 }), [
      /has no arrays of samples or labels, only arr_0, arr_1/,
    ]);
  });
});
