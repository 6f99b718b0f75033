import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { dataFormOf, parseDataForm } from '../../../src/data/dataForm.ts';
import type { DatasetOptions } from '../../../src/data/dataset.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { datasetOptions } from '../../support/datasets.ts';

const baseDirectory = fileURLToPath(new URL('../../../examples/data', import.meta.url));

const DATASETS: readonly (readonly [string, Partial<DatasetOptions>])[] = [
  ['builtin:digits', { normalization: 'mnist' }],
  ['fruit.csv', {}],
  ['houses.csv', {}],
  ['tags.csv', { target: ['inside', 'above', 'ring'] }],
  ['reviews.tsv', { length: 16 }],
  ['half-moons.csv', { task: 'matching' }],
];

describe('DataForm', () => {
  it('comes back from JSON as it was, of images, tables and texts', async () => {
    for (const [path, options] of DATASETS) {
      const form = dataFormOf(await openDataset(datasetOptions(path, options), { baseDirectory, seed: 0 }));
      assert.deepEqual(parseDataForm(JSON.stringify(form)), form, path);
    }
  });

  it('says how images lie', async () => {
    const dataset = await openDataset(datasetOptions('builtin:digits', { normalization: 'mnist' }), {
      baseDirectory,
      seed: 0,
    });
    const { layout, sampleShape, preparation } = dataFormOf(dataset);
    assert.equal(layout, 'NCHW');
    assert.deepEqual(sampleShape, [1, 28, 28]);
    assert.deepEqual(preparation, { kind: 'pixels', normalization: { mean: [0.1307], std: [0.3081] } });
  });

  it('takes nothing else for one', () => {
    for (const text of ['', 'text', '[]', '{"version":2}', '{"version":1,"task":{"kind":"classification"}}']) {
      assert.equal(parseDataForm(text), undefined, text);
    }
  });
});
