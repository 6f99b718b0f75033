import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { findData } from '../../../../src/extension/experiments/findData.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

describe('findData', () => {
  const root = temporaryFolder();
  after(() => {
    removeFolder(root);
  });

  it('finds tables, folders of classes, alone and below splits, and nothing else', async () => {
    const files = [
      'model.onnx',
      'notes.txt',
      'table.csv',
      'photographs/train/cat/1.jpg',
      'photographs/train/dog/1.jpg',
      'photographs/test/cat/1.jpg',
      'data/flowers/rose/a.PNG',
      'data/flowers/tulip/b.PNG',
      'data/mnist/train-images-idx3-ubyte.gz',
      'data/one/only/a.png',
      'src/a/main.ts',
      'src/b/main.ts',
      '.distillery/runs/first/rows.csv',
      'node_modules/x/rows.csv',
    ];
    for (const file of files) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), '');
    }
    const found = (await findData(root)).map((path) => relative(root, path));
    assert.deepEqual(found, ['table.csv', 'photographs', join('data', 'flowers'), join('data', 'mnist')]);
  });

  it('finds nothing in a folder that is not there', async () => {
    assert.deepEqual(await findData(join(root, 'elsewhere')), []);
  });
});
