import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeImageFolder } from '../../../../support/imageFolder.ts';
import { removeFolder, temporaryFolder, datasetOptions } from '../../../../support/datasets.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { toldOf } from '../../../../support/dataFolder.ts';
import { classesOf } from '../../../../../src/data/task.ts';

const SIGNS = ['stop', 'yield, please', 'left'];

describe('names of numbered classes', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });
  const open = (): Promise<Dataset> => openDataset(datasetOptions(folder), { baseDirectory: folder, seed: 0 });
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };

  it('are those that a list beside the only folder of classes says', async () => {
    await writeImageFolder(join(folder, 'myData'), { perClass: 6, size: 4, classes: ['0', '1', '2'] });
    write('labels.csv', `ClassId,Name\n${SIGNS.map((name, index) => `${index},"${name}"`).join('\n')}\n`);
    const dataset = await open();
    assert.equal(dataset.format, 'image folders');
    assert.deepEqual(classesOf(dataset.task), SIGNS);
    assert.match(toldOf(dataset), /The classes are called as labels\.csv says, such as 'stop' for 0\./);
  });

  it('may have zeros in front, come first, and be in JSON', async () => {
    for (const split of ['train', 'test'])
      await writeImageFolder(join(folder, split), { perClass: 6, size: 4, classes: ['00001', '00002', '00010'] });
    write('class_names.txt', ['stop,1', 'yield,2', 'left,10'].join('\n'));
    assert.deepEqual(classesOf((await open()).task), ['stop', 'yield', 'left']);
    write('class_names.txt', 'nothing of use');
    write('cat_to_name.json', JSON.stringify({ 1: 'rose', 2: 'tulip', 10: 'lily', 11: 'aster' }));
    assert.deepEqual(classesOf((await open()).task), ['rose', 'tulip', 'lily']);
  });

  it('stay numbers where a list lacks one, or names two alike', async () => {
    await writeImageFolder(folder, { perClass: 6, size: 4, classes: ['0', '1', '2'] });
    for (const text of ['ClassId,Name\n0,stop\n1,yield\n', 'ClassId,Name\n0,stop\n1,left\n2,left\n']) {
      write('labels.csv', text);
      assert.deepEqual(classesOf((await open()).task), ['0', '1', '2']);
    }
  });
});
