import assert from 'node:assert/strict';
import { labelMetrics } from '../../../src/evaluation/multiLabelMetrics.ts';

/** Three samples of three classes; nobody has the last one. */
const labels = Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0, 0);
const probabilities = Float32Array.of(0.8, 0.6, 0.1, 0.2, 0.9, 0.3, 0.7, 0.4, 0.6);
const logits = probabilities.map((p) => Math.log(p / (1 - p)));

describe('the metrics of several labels', () => {
  it('count decisions, and recall class by class, as by hand', () => {
    for (const [outputs, kind] of [
      [probabilities, 'probabilities'],
      [logits, 'logits'],
    ] as const) {
      const { loss, ...others } = labelMetrics(outputs, labels, 3, { outputs: kind });
      assert.deepEqual(others, {
        samples: 3,
        // The second class of the first sample, the first of the second, the last of the third.
        errors: 3,
        accuracy: 1 - 3 / 9,
        deviation: null,
        perClass: [2 / 3, 1, null],
      });
      const right = [0.8, 0.4, 0.9, 0.2, 0.9, 0.7, 0.7, 0.6, 0.4];
      const expected = right.reduce((sum, share) => sum - Math.log(share), 0) / right.length;
      assert.ok(Math.abs(loss - expected) < 1e-6, kind);
    }
  });

  it('refuse what does not belong together', () => {
    const measure = (outputs: Float32Array, classes: number) => () =>
      labelMetrics(outputs, labels, classes, { outputs: 'logits' });
    assert.throws(measure(logits.subarray(1), 3), { code: 'INTERNAL' });
    assert.throws(measure(logits, 4), { code: 'INTERNAL' });
  });
});
