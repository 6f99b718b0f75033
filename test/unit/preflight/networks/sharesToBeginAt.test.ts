import assert from 'node:assert/strict';
import type { Split } from '../../../../src/data/samples/split.ts';
import { sharesToBeginAt } from '../../../../src/preflight/networks/sharesToBeginAt.ts';

/** Samples of which the first ones are of the second class. */
function split(count: number, ofSecond: number): Split {
  const labels = Int32Array.from({ length: count }, (_, index) => (index < ofSecond ? 1 : 0));
  return { count, targets: { kind: 'classes', labels }, read: () => Promise.resolve() };
}

describe('sharesToBeginAt', () => {
  const task = { kind: 'classification', classes: ['no', 'yes'] } as const;

  it('are those of the training samples where few others are set aside', () => {
    const shares = sharesToBeginAt({ task, training: split(58, 29), validation: split(6, 3) });
    assert.deepEqual(shares, [0.5, 0.5]);
  });

  it('are those where one class is most of the samples, however many there are', () => {
    assert.deepEqual(sharesToBeginAt({ task, training: split(998, 99), validation: split(100, 10) }), [0.9, 0.1]);
    assert.equal(sharesToBeginAt({ task, training: split(998, 299), validation: split(100, 30) }), undefined);
  });

  it('are none where nothing is validated and no class is most', () => {
    assert.equal(sharesToBeginAt({ task, training: split(58, 29), validation: split(0, 0) }), undefined);
  });
});
