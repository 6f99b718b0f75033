import assert from 'node:assert/strict';
import { mixTeachers } from '../../../../src/teacher/targets/mixTeachers.ts';

describe('several teachers as one table', () => {
  it('are the mean of their probabilities, row by row', () => {
    // Softmax (1/4, 3/4), (1/2, 1/2) and (1/2, 1/2), (1/8, 7/8).
    const first = Float32Array.of(0, Math.log(3), 5, 5);
    const second = Float32Array.of(-1, -1, 0, Math.log(7));
    const mixed = mixTeachers(
      [
        { logits: first, weight: 0.25 },
        { logits: second, weight: 0.75 },
      ],
      2,
    );
    const expected = [0.25 / 4 + 0.75 / 2, (0.25 * 3) / 4 + 0.75 / 2, 0.25 / 2 + 0.75 / 8, 0.25 / 2 + (0.75 * 7) / 8];
    mixed.forEach((value, index) => {
      assert.ok(Math.abs(Math.exp(value) - expected[index]!) < 1e-6);
    });
  });

  it('stay finite for large logits and a weight of 0', () => {
    const logits = Float32Array.of(1e4, -1e4);
    const mixed = mixTeachers(
      [
        { logits, weight: 1 },
        { logits: Float32Array.of(-1e4, 1e4), weight: 0 },
      ],
      2,
    );
    assert.deepEqual([...mixed], [0, -2e4]);
  });

  it('are the table itself where there is one', () => {
    const logits = Float32Array.of(1, 2, 3);
    assert.equal(mixTeachers([{ logits, weight: 1 }], 3), logits);
  });
});
