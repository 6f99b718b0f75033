import assert from 'node:assert/strict';
import { classShares } from '../../../src/data/targets.ts';
import { NO_LABEL, UNKNOWN_CLASS } from '../../../src/data/unlabelled/noLabel.ts';

describe('classShares', () => {
  it('are how often classes are among the labels, and of none zero', () => {
    const labels = Int32Array.of(0, 0, 0, 0, 1, 1, UNKNOWN_CLASS);
    assert.deepEqual(classShares({ kind: 'classes', labels }, 3), [5 / 9, 3 / 9, 1 / 9]);
  });

  it('leave out tokens without a class', () => {
    const labels = Int32Array.of(0, 1, 1, -1, -1, -1);
    assert.deepEqual(classShares({ kind: 'tokens', labels, width: 3 }, 2), [2 / 5, 3 / 5]);
  });

  it('are each class’s own where a sample has any number of them', () => {
    const values = Float32Array.of(1, 0, 1, 1, 1, NO_LABEL);
    assert.deepEqual(classShares({ kind: 'values', values, width: 2 }, 2), [4 / 5, 2 / 4]);
  });

  it('are none where no class is known', () => {
    assert.equal(classShares({ kind: 'classes', labels: Int32Array.of(UNKNOWN_CLASS) }, 2), undefined);
    assert.equal(classShares({ kind: 'values', values: Float32Array.of(NO_LABEL), width: 1 }, 1), undefined);
    assert.equal(classShares({ kind: 'values', values: Float32Array.of(3.5), width: 1 }, 0), undefined);
    assert.equal(classShares({ kind: 'none' }, 2), undefined);
  });
});
