import assert from 'node:assert/strict';
import { DistilleryError } from '../../../src/errors.ts';
import { agreement, classificationMetrics } from '../../../src/evaluation/metrics.ts';

function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9, `${actual} is not ${expected}`);
}

/**
 * 300 samples of 7 classes, the same as this program draws; the expected values below are what it prints
 * (scikit-learn 1.2.1 with NumPy 1.24.2, Debian's python3-sklearn, run with /usr/bin/python3):
 *
 *   import numpy as np
 *   from sklearn.metrics import accuracy_score, log_loss, recall_score
 *   state = 1
 *   def draw():
 *       global state
 *       state = state * 16807 % 2147483647
 *       return state / 2147483647
 *   N, C = 300, 7
 *   logits = np.array([draw() * 16 - 8 for _ in range(N * C)], np.float32).reshape(N, C)
 *   labels = np.array([int(draw() * C) for _ in range(N)])
 *   for i in range(0, N, 3): logits[i, labels[i]] = 9
 *   z = logits.astype(np.float64)
 *   p = np.exp(z - z.max(1, keepdims=True)); p /= p.sum(1, keepdims=True)
 *   print(accuracy_score(labels, z.argmax(1)), log_loss(labels, p), recall_score(labels, z.argmax(1), average=None))
 *   p32 = p.astype(np.float32).astype(np.float64)
 *   p32[5] = np.eye(C)[(labels[5] + 1) % C]
 *   print(log_loss(labels, p32))
 */
function drawnSamples(): { logits: Float32Array; labels: Int32Array } {
  let state = 1;
  const draw = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const logits = Float32Array.from({ length: 2100 }, () => draw() * 16 - 8);
  const labels = Int32Array.from({ length: 300 }, () => Math.floor(draw() * 7));
  for (let sample = 0; sample < 300; sample += 3) logits[sample * 7 + labels[sample]!] = 9;
  return { logits, labels };
}

function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const exponentials = Array.from(logits.subarray(start, start + classes), Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    probabilities.set(
      exponentials.map((value) => value / sum),
      start,
    );
  }
  return probabilities;
}

describe('classificationMetrics', () => {
  it('equals values computed by hand', () => {
    // softmax(0, ln 3) = (1/4, 3/4); softmax(ln 4, 0) = (4/5, 1/5); the third row is undecided.
    const logits = Float32Array.of(0, Math.log(3), Math.log(4), 0, 2, 2);
    const metrics = classificationMetrics(logits, Int32Array.of(1, 1, 0), 2, { outputs: 'logits' });
    assert.equal(metrics.samples, 3);
    assert.equal(metrics.errors, 1);
    assert.equal(metrics.accuracy, 2 / 3);
    assert.deepEqual(metrics.perClass, [1, 0.5]);
    const expected = (Math.log(4 / 3) + Math.log(5) + Math.log(2)) / 3;
    assert.ok(Math.abs(metrics.loss - expected) < 1e-7, `${metrics.loss} is not ${expected}`);
  });

  it('takes the first of equal outputs, as NumPy does', () => {
    const tie = Float32Array.of(1, 1, 0);
    const options = { outputs: 'logits' } as const;
    assert.equal(classificationMetrics(tie, Int32Array.of(0), 3, options).errors, 0);
    assert.equal(classificationMetrics(tie, Int32Array.of(1), 3, options).errors, 1);
  });

  it('equals scikit-learn on logits', () => {
    const { logits, labels } = drawnSamples();
    const metrics = classificationMetrics(logits, labels, 7, { outputs: 'logits' });
    assertClose(metrics.accuracy ?? NaN, 0.41333333333333333);
    assertClose(metrics.loss, 4.169739899289814);
    const recall = [
      0.3541666666666667, 0.3404255319148936, 0.46511627906976744, 0.47058823529411764, 0.42857142857142855,
      0.4878048780487805, 0.3684210526315789,
    ];
    recall.forEach((expected, index) => {
      assertClose(metrics.perClass[index]!, expected);
    });
  });

  it('equals scikit-learn on probabilities, one of them zero', () => {
    const { logits, labels } = drawnSamples();
    const probabilities = softmaxRows(logits, 7);
    probabilities.fill(0, 35, 42);
    probabilities[35 + ((labels[5]! + 1) % 7)] = 1;
    const metrics = classificationMetrics(probabilities, labels, 7, { outputs: 'probabilities' });
    assertClose(metrics.loss, 4.275232892261634);
  });

  it('does not overflow on large logits', () => {
    const metrics = classificationMetrics(Float32Array.of(1e30, 0, -1e30, 0), Int32Array.of(0, 1), 2, {
      outputs: 'logits',
    });
    assert.equal(metrics.loss, 0);
    assert.equal(metrics.errors, 0);
  });

  it('counts outputs that are not numbers as errors, and shows it in the loss', () => {
    const outputs = Float32Array.of(NaN, 1, 0, 1);
    const metrics = classificationMetrics(outputs, Int32Array.of(0, 1), 2, { outputs: 'logits' });
    assert.equal(metrics.errors, 1);
    assert.ok(Number.isNaN(metrics.loss));
  });

  it('has no recall for a class without samples', () => {
    const metrics = classificationMetrics(Float32Array.of(1, 0, 0), Int32Array.of(0), 3, { outputs: 'logits' });
    assert.deepEqual(metrics.perClass, [1, null, null]);
  });

  it('refuses what does not belong together', () => {
    const options = { outputs: 'logits' } as const;
    assert.throws(() => classificationMetrics(Float32Array.of(), Int32Array.of(), 2, options), DistilleryError);
    assert.throws(() => classificationMetrics(Float32Array.of(1, 2), Int32Array.of(0, 1), 2, options), DistilleryError);
    assert.throws(() => classificationMetrics(Float32Array.of(1, 2), Int32Array.of(2), 2, options), /Label 2/);
  });
});

describe('agreement', () => {
  it('is the share of equal choices, whatever the scale', () => {
    const teacher = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.5, 0.5, 0.3, 0.7);
    const student = Float32Array.of(3, -3, 5, 2, 1, 0, -9, -8);
    assert.equal(agreement(teacher, student, 2), 0.75);
  });

  it('does not take two failures for agreement', () => {
    assert.equal(agreement(Float32Array.of(NaN, 0), Float32Array.of(NaN, 0), 2), 0);
  });

  it('refuses outputs of different sizes', () => {
    assert.throws(() => agreement(Float32Array.of(1, 2), Float32Array.of(1, 2, 3, 4), 2), DistilleryError);
    assert.throws(() => agreement(Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3), 2), DistilleryError);
  });
});
