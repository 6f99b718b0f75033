import assert from 'node:assert/strict';
import { asLogits } from '../../../src/teacher/outputKind.ts';
import { findUnusable, refuseUnusable } from '../../../src/teacher/unusableOutputs.ts';

const three = { kind: 'classification', classes: ['a', 'b', 'c'] } as const;

function softmax(row: readonly number[], temperature: number): number[] {
  const most = Math.max(...row);
  const exponentials = row.map((logit) => Math.exp((logit - most) / temperature));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

describe('infinite logits', () => {
  it('become numbers with the same probabilities, whatever the temperature', () => {
    const logits = asLogits(three, Float32Array.of(2, -Infinity, 1, Infinity, 5, -3), 'logits');
    assert.ok(logits.every(Number.isFinite));
    for (const temperature of [1, 4, 20]) {
      const expected = softmax([2, -1e9, 1], temperature);
      softmax([...logits.subarray(0, 3)], temperature).forEach((value, index) => {
        assert.ok(Math.abs(value - (expected[index] ?? NaN)) < 1e-6);
      });
      assert.deepEqual(softmax([...logits.subarray(3)], temperature).map(Math.fround), [1, 0, 0]);
    }
  });

  it('are told from outputs that nothing can be learned from', () => {
    const impossible = Float32Array.of(2, -Infinity, 1, NaN, 5, -3, -Infinity, -Infinity, -Infinity);
    assert.deepEqual(findUnusable(three, impossible, 3), { samples: 2, what: 'NaN' });
    assert.equal(findUnusable(three, impossible.subarray(0, 3), 1), undefined);
    assert.throws(() => {
      refuseUnusable({ kind: 'regression', targets: ['y'] }, Float32Array.of(1, Infinity), 2, 'training samples');
    }, /The teacher gives infinity for 1 of 2 training samples\./);
  });
});
