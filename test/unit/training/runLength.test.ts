import assert from 'node:assert/strict';
import { RunLength } from '../../../src/training/runLength.ts';

/** Run lengths with steps that take so many milliseconds each, one after another. */
function lengths(most: number, milliseconds: readonly number[], stepBytes = 1000): number[] {
  const length = new RunLength(most, stepBytes);
  return milliseconds.map((each) => {
    const { steps } = length;
    length.note(steps, steps * each);
    return steps;
  });
}

describe('RunLength', () => {
  it('grows to what fits into half a second, no further than the engine goes', () => {
    assert.deepEqual(lengths(16, [120, 120, 120, 120, 120]), [1, 2, 4, 4, 4]);
    assert.deepEqual(lengths(16, [1, 1, 1, 1, 1, 1, 1]), [1, 2, 4, 8, 16, 16, 16]);
    assert.deepEqual(lengths(16, [0, 0, 0]), [1, 2, 4]);
  });

  it('stays at one step where steps are long, or the engine does no more', () => {
    assert.deepEqual(lengths(16, [1250, 1250, 1250]), [1, 1, 1]);
    assert.deepEqual(lengths(1, [1, 1, 1]), [1, 1, 1]);
  });

  it('takes no more samples than fit into a few megabytes', () => {
    assert.deepEqual(lengths(16, [1, 1, 1, 1], 2 ** 20), [1, 2, 4, 4]);
    assert.deepEqual(lengths(16, [1, 1, 1], 2 ** 25), [1, 1, 1]);
  });

  it('shrinks when steps become long, and recovers', () => {
    assert.deepEqual(lengths(16, [50, 50, 50, 50, 300, 50, 50, 50]), [1, 2, 4, 8, 10, 1, 2, 4]);
  });
});
