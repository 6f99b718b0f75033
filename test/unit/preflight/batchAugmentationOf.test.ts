import assert from 'node:assert/strict';
import type { Dataset } from '../../../src/data/dataset.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { batchAugmentationOf, checkBatchAugmentation } from '../../../src/preflight/batchAugmentationOf.ts';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';
import { datasetOptions } from '../../support/datasets.ts';
import { tinyExperiment } from '../../support/runs.ts';

describe('views of the samples', () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await openDataset(datasetOptions('builtin:digits', { limit: 50 }), { baseDirectory: '.', seed: 0 });
  });

  const problemsOf = (change: object): string[] =>
    checkBatchAugmentation(parseExperiment({ ...tinyExperiment, cache: { views: 3 }, ...change }), dataset).map(
      ({ where, message }) => `${where}: ${message}`,
    );

  it('are as many as the experiment says, of samples that are changed one by one', () => {
    const augmentation = { shift: 2, flip: true };
    assert.deepEqual(problemsOf({ augmentation }), []);
    const of = (change: object) =>
      batchAugmentationOf(parseExperiment({ ...tinyExperiment, augmentation, ...change }))?.views;
    assert.equal(of({ cache: { views: 3 } }), 3);
    assert.equal(of({}), undefined);
  });

  it('are refused without a teacher, without changes, and of mixtures', () => {
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ teacher: null, augmentation: { shift: 2 } }, /^cache\.views: There is no teacher/],
      [{}, /^cache\.views: Without augmentation every sample has one view/],
      [{ augmentation: { flip: false } }, /^cache\.views: Without augmentation/],
      [{ augmentation: { shift: 2, mixup: 0.2 } }, /^cache\.views: mixup and cutmix make samples of two/],
      [{ augmentation: { cutmix: 1 } }, /^cache\.views: mixup and cutmix/],
    ];
    for (const [change, message] of cases) {
      const [problem = '', ...others] = problemsOf(change);
      assert.match(problem, message);
      assert.deepEqual(others, []);
    }
  });
});
