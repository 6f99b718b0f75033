import assert from 'node:assert/strict';
import { endAfterEpoch, endAfterStep, plannedSteps } from '../../../src/training/stopConditions.ts';

describe('stop conditions', () => {
  it('plan the steps of all epochs, or fewer', () => {
    assert.equal(plannedSteps({ epochs: 3 }, 10), 30);
    assert.equal(plannedSteps({ epochs: 3, maxSteps: 17 }, 10), 17);
    assert.equal(plannedSteps({ epochs: 3, maxSteps: 40 }, 10), 30);
  });

  it('end after a number of steps or minutes', () => {
    const conditions = { epochs: 3, maxSteps: 17, maxMinutes: 2 };
    assert.equal(endAfterStep(conditions, { step: 16, seconds: 119 }), undefined);
    assert.equal(endAfterStep(conditions, { step: 17, seconds: 0 }), 'maxSteps');
    assert.equal(endAfterStep(conditions, { step: 1, seconds: 120 }), 'maxMinutes');
    assert.equal(endAfterStep({ epochs: 1 }, { step: 1e9, seconds: 1e9 }), undefined);
  });

  it('end after the last epoch, a good enough one, or too many without progress', () => {
    const conditions = { epochs: 10, targetAccuracy: 0.9, patience: 2 };
    const after = (epoch: number, bestEpoch: number, accuracy: number | null) =>
      endAfterEpoch(conditions, { epoch, bestEpoch, accuracy });
    assert.equal(after(3, 2, 0.8), undefined);
    assert.equal(after(4, 2, 0.8), 'patience');
    assert.equal(after(4, 4, 0.9), 'targetAccuracy');
    assert.equal(after(10, 10, 0.8), 'epochs');
    assert.equal(after(3, 3, null), undefined);
    assert.equal(endAfterEpoch({ epochs: 10 }, { epoch: 9, bestEpoch: 1, accuracy: 1 }), undefined);
  });
});
