import assert from 'node:assert/strict';
import { learningRateAt, type Schedule } from '../../../src/training/schedule.ts';

const at = (schedule: Schedule['schedule'], step: number, warmup = 0): number =>
  learningRateAt({ schedule, learningRate: 0.1, warmup }, step, 100);

describe('learningRateAt', () => {
  it('constant stays', () => {
    assert.equal(at('constant', 0), 0.1);
    assert.equal(at('constant', 99), 0.1);
  });

  it('cosine begins at the full rate, passes half in the middle and ends near 0', () => {
    assert.equal(at('cosine', 0), 0.1);
    assert.ok(Math.abs(at('cosine', 50) - 0.05) < 1e-12);
    assert.ok(at('cosine', 99) < 1e-4);
  });

  it('step divides by ten at half and at three quarters', () => {
    assert.deepEqual(
      [0, 49, 50, 74, 75].map((step) => at('step', step).toFixed(4)),
      ['0.1000', '0.1000', '0.0100', '0.0100', '0.0010'],
    );
  });

  it('one-cycle rises from 1/25 to the full rate at 30 % and falls to 0', () => {
    assert.ok(Math.abs(at('one-cycle', 0) - 0.004) < 1e-12);
    assert.ok(Math.abs(at('one-cycle', 30) - 0.1) < 1e-12);
    assert.ok(at('one-cycle', 99) < 1e-3);
    for (let step = 1; step <= 30; step++) assert.ok(at('one-cycle', step) > at('one-cycle', step - 1));
    for (let step = 31; step < 100; step++) assert.ok(at('one-cycle', step) < at('one-cycle', step - 1));
  });

  it('warm-up rises in equal parts, without a step at rate 0, and hands over at the full rate', () => {
    assert.ok(Math.abs(at('cosine', 0, 0.1) - 0.01) < 1e-12);
    assert.ok(Math.abs(at('cosine', 9, 0.1) - 0.1) < 1e-12);
    assert.ok(Math.abs(at('cosine', 10, 0.1) - 0.1) < 1e-12);
    assert.ok(at('cosine', 11, 0.1) < 0.1);
  });
});
