import assert from 'node:assert/strict';
import { learningRateAt, type Schedule } from '../../../src/training/learningRateSchedule.ts';

const at = (schedule: Schedule['schedule'], step: number, change: Partial<Schedule> = {}): number =>
  learningRateAt({ schedule, learningRate: 0.1, warmup: 0, ...change }, step, 100);

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

describe('learningRateAt', () => {
  it('constant stays', () => {
    assert.equal(at('constant', 0), 0.1);
    assert.equal(at('constant', 99), 0.1);
  });

  it('cosine begins at the full rate, passes half in the middle and ends near 0', () => {
    assert.equal(at('cosine', 0), 0.1);
    assertNear(at('cosine', 50), 0.05);
    assert.ok(at('cosine', 99) < 1e-4);
  });

  it('cosine and one-cycle end at the final rate', () => {
    assertNear(at('cosine', 0, { finalFraction: 0.2 }), 0.1);
    assertNear(at('cosine', 50, { finalFraction: 0.2 }), 0.06);
    assertNear(at('cosine', 100, { finalFraction: 0.2 }), 0.02);
    assertNear(at('one-cycle', 100, { finalFraction: 0.2 }), 0.02);
    assertNear(at('one-cycle', 30, { finalFraction: 0.2 }), 0.1);
  });

  it('never rises above the full rate, also between two planned steps', () => {
    for (const step of [8.5, 9, 9.5, 9.9]) assert.ok(at('constant', step, { warmup: 0.1 }) <= 0.1, String(step));
    assertNear(at('constant', 4.5, { warmup: 0.1 }), 0.055);
  });

  it('step divides by ten at half and at three quarters', () => {
    assert.deepEqual(
      [0, 49, 50, 74, 75].map((step) => at('step', step).toFixed(4)),
      ['0.1000', '0.1000', '0.0100', '0.0100', '0.0010'],
    );
  });

  it('step multiplies by gamma at every milestone', () => {
    const change = { milestones: [0.2, 0.3, 0.9], gamma: 0.5 };
    assert.deepEqual(
      [0, 19, 20, 29, 30, 89, 90].map((step) => at('step', step, change)),
      [0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125],
    );
  });

  it('one-cycle rises from 1/25 to the full rate at 30 % and falls to 0', () => {
    assertNear(at('one-cycle', 0), 0.004);
    assertNear(at('one-cycle', 30), 0.1);
    assert.ok(at('one-cycle', 99) < 1e-3);
    for (let step = 1; step <= 30; step++) assert.ok(at('one-cycle', step) > at('one-cycle', step - 1));
    for (let step = 31; step < 100; step++) assert.ok(at('one-cycle', step) < at('one-cycle', step - 1));
  });

  it('one-cycle rises over the warm-up when one is asked for', () => {
    assertNear(at('one-cycle', 10, { warmup: 0.1 }), 0.1);
    assertNear(at('one-cycle', 5, { warmup: 0.1 }), 0.1 * (0.04 + 0.96 / 2));
    assert.ok(at('one-cycle', 11, { warmup: 0.1 }) < 0.1);
  });

  it('warm-up rises in equal parts, without a step at rate 0, and hands over at the full rate', () => {
    assertNear(at('cosine', 0, { warmup: 0.1 }), 0.01);
    assertNear(at('cosine', 9, { warmup: 0.1 }), 0.1);
    assertNear(at('cosine', 10, { warmup: 0.1 }), 0.1);
    assert.ok(at('cosine', 11, { warmup: 0.1 }) < 0.1);
  });
});
