import assert from 'node:assert/strict';
import { DatasetShelf } from '../../../src/data/datasetShelf.ts';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';
import { smallDigits } from '../../support/smallDigits.ts';

describe('a shelf of datasets', () => {
  it('gives who wants the same what was opened before, with its samples, and opens anything else', async () => {
    const shelf = new DatasetShelf();
    const options = (limit: number) =>
      parseExperiment({
        teacher: null,
        dataset: { path: smallDigits(), limit },
        student: { architecture: 'mlp', hidden: [8] },
      }).dataset;
    const context = { baseDirectory: '.', seed: 0 };
    const first = await shelf.open(options(100), context);
    await first.dispose();
    const again = await shelf.open(options(100), context);
    assert.equal(again.training, first.training);
    const values = new Float32Array(784);
    await again.training.read([0], values);
    assert.ok(values.some((value) => value > 0));
    assert.notEqual((await shelf.open(options(100), { ...context, seed: 1 })).training, first.training);
    assert.equal((await shelf.open(options(50), context)).training.count, 50);
    await shelf.dispose();
  });
});
