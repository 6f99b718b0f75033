import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { classDecisions } from '../../../../src/evaluation/quality/classDecisions.ts';
import { rankingOf } from '../../../../src/evaluation/quality/ranking.ts';

/** Both figures by their definitions, pair by pair. */
function byDefinition(scores: Float64Array, positive: readonly boolean[]): ReturnType<typeof rankingOf> {
  const own = [...scores].filter((_, sample) => positive[sample]);
  const others = [...scores].filter((_, sample) => !positive[sample]);
  const wins = own.flatMap((one) => others.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
  const precisions = own.map((score) => {
    const right = own.filter((each) => each >= score).length;
    return right / (right + others.filter((each) => each >= score).length);
  });
  const meanOf = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return { areaUnderCurve: meanOf(wins), averagePrecision: meanOf(precisions) };
}

describe('rankingOf', () => {
  it('is as defined, whatever ties and however few belong to the class', () => {
    const random = randomStream(3, 'ranking');
    for (let round = 0; round < 200; round++) {
      const values = 1 + random.integer(12);
      const count = 1 + random.integer(30);
      const scores = Float64Array.from({ length: count }, () => random.integer(values) / values);
      const share = random.uniform(0, 1);
      const positive = Array.from(scores, () => random.uniform(0, 1) < share);
      const found = rankingOf(scores, Uint8Array.from(positive, Number));
      const expected = byDefinition(scores, positive);
      for (const figure of ['areaUnderCurve', 'averagePrecision'] as const) {
        const [one, other] = [found[figure], expected[figure]];
        assert.ok(one === other || Math.abs(one! - other!) < 1e-12, `${round} ${figure}: ${one} is not ${other}`);
      }
    }
  });

  it('is unknown where a score is not a number', () => {
    const unknown = { areaUnderCurve: null, averagePrecision: null };
    for (const belongs of [Uint8Array.of(1, 0, 0), Uint8Array.of(0, 1, 0)]) {
      assert.deepEqual(rankingOf(Float64Array.of(NaN, 1, 2), belongs), unknown);
    }
  });

  it('is found of tens of thousands of classes, of which no matrix would fit into memory', () => {
    const classes = 40_000;
    const labels = Int32Array.of(0, 39_999, 7);
    const outputs = new Float32Array(labels.length * classes);
    labels.forEach((label, sample) => (outputs[sample * classes + label] = 20));
    // The last is taken for the first.
    outputs[2 * classes] = 21;
    const decisions = classDecisions(outputs, labels, classes, 'logits');
    assert.equal(decisions.confusion, null);
    assert.deepEqual(decisions.micro, { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 });
    const { precision, recall, samples } = decisions.classes[0]!;
    assert.deepEqual([precision, recall, samples], [1 / 2, 1, 1]);
    assert.equal(decisions.balancedAccuracy, 2 / 3);
  });
});
