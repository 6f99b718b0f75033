import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deviationMetrics } from '../../../../src/evaluation/deviation.ts';
import { labelMetrics } from '../../../../src/evaluation/multiLabelMetrics.ts';
import { classificationMetrics } from '../../../../src/evaluation/metrics.ts';
import { classDecisions } from '../../../../src/evaluation/quality/classDecisions.ts';
import { labelDecisions } from '../../../../src/evaluation/quality/labelDecisions.ts';
import { targetQualities } from '../../../../src/evaluation/quality/targetQualities.ts';
import type { Decisions, Retrieval } from '../../../../src/report/quality.ts';

interface Judged {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly outputs: readonly number[];
  readonly accuracy: number;
  readonly loss: number;
  readonly macro: Retrieval;
  readonly micro: Retrieval;
  readonly perClass: readonly Retrieval[];
  readonly areaUnderCurve: number;
  readonly calibration: {
    readonly error: number;
    readonly confidence: readonly number[];
    readonly accuracy: readonly number[];
  };
}

/** What test/fixtures/metrics.py writes. */
interface Fixture {
  readonly classification: Judged & {
    readonly topFive: number;
    readonly balancedAccuracy: number;
    readonly areas: readonly number[];
    readonly averagePrecisions: readonly number[];
    readonly confusion: readonly (readonly number[])[];
  };
  readonly multiLabel: Judged;
  readonly regression: Readonly<Record<string, readonly number[]>> & { readonly meanSquaredError: number };
}

const path = new URL('../../../fixtures/metrics.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;

function assertNear(actual: number | null | undefined, expected: number | undefined, what: string): void {
  assert.ok(
    typeof actual === 'number' && expected !== undefined && Math.abs(actual - expected) <= 1e-9,
    `${what}: ${actual} is not ${expected}`,
  );
}

function assertRetrieval(actual: Retrieval | undefined, expected: Retrieval, what: string): void {
  for (const figure of ['precision', 'recall', 'f1'] as const) {
    assertNear(actual?.[figure], expected[figure], `${what} ${figure}`);
  }
}

function assertDecisions(actual: Decisions, expected: Judged): void {
  assertRetrieval(actual.macro, expected.macro, 'macro');
  assertRetrieval(actual.micro, expected.micro, 'micro');
  expected.perClass.forEach((retrieval, index) => {
    assertRetrieval(actual.classes[index], retrieval, `class ${index}`);
  });
  assertNear(actual.areaUnderCurve, expected.areaUnderCurve, 'area under the curve');
  assertNear(actual.calibrationError, expected.calibration.error, 'calibration error');
  const bins = actual.reliability.filter(({ decisions }) => decisions > 0);
  assert.equal(bins.length, expected.calibration.confidence.length);
  bins.forEach((bin, index) => {
    assertNear(bin.confidence, expected.calibration.confidence[index], `confidence of bin ${index}`);
    assertNear(bin.accuracy, expected.calibration.accuracy[index], `accuracy of bin ${index}`);
  });
}

describe("the metrics against scikit-learn's on the same predictions", () => {
  it('of one class of several', () => {
    const { classes, labels, outputs, ...expected } = fixture.classification;
    const [given, truth] = [Float32Array.from(outputs), Int32Array.from(labels)];
    const metrics = classificationMetrics(given, truth, classes, { outputs: 'logits' });
    assertNear(metrics.accuracy, expected.accuracy, 'accuracy');
    assertNear(metrics.loss, expected.loss, 'log loss');
    const decisions = classDecisions(given, truth, classes, 'logits');
    assertDecisions(decisions, fixture.classification);
    assertNear(decisions.topFive, expected.topFive, 'top 5');
    assertNear(decisions.balancedAccuracy, expected.balancedAccuracy, 'balanced accuracy');
    assert.deepEqual(decisions.confusion, expected.confusion);
    expected.areas.forEach((area, index) => {
      assertNear(decisions.classes[index]?.areaUnderCurve, area, `area of class ${index}`);
    });
    expected.averagePrecisions.forEach((precision, index) => {
      assertNear(decisions.classes[index]?.averagePrecision, precision, `average precision of class ${index}`);
    });
    assert.equal(decisions.classes.at(-1)?.averagePrecision, null);
    assert.equal(decisions.classes.at(-1)?.areaUnderCurve, null, 'the class without samples has no area');
  });

  it('of several labels', () => {
    const { classes, labels, outputs, accuracy, loss } = fixture.multiLabel;
    const [given, truth] = [Float32Array.from(outputs), Float32Array.from(labels)];
    const metrics = labelMetrics(given, truth, classes, { outputs: 'logits' });
    assertNear(metrics.accuracy, accuracy, 'accuracy');
    assertNear(metrics.loss, loss, 'log loss');
    assertDecisions(labelDecisions(given, truth, classes, 'logits'), fixture.multiLabel);
  });

  it('of predicted numbers, in their own units', () => {
    const { scales = [], truth = [], outputs = [], ...expected } = fixture.regression;
    const [given, right] = [Float32Array.from(outputs), Float32Array.from(truth)];
    assertNear(deviationMetrics(given, right, scales.length).loss, expected.meanSquaredError, 'mean squared error');
    const targets = scales.map((std, index) => ({ name: `target ${index}`, std }));
    targetQualities(given, right, targets).forEach((quality, index) => {
      for (const figure of ['meanAbsoluteError', 'rootMeanSquaredError', 'determination'] as const) {
        assertNear(quality[figure], expected[figure]?.[index], `${figure} of ${quality.name}`);
      }
    });
  });
});

describe('classDecisions', () => {
  it('counts a sample whose outputs are not numbers as decided for no class', () => {
    const decisions = classDecisions(Float32Array.of(2, 1, NaN, 1, 0, 3), Int32Array.of(0, 0, 1), 2, 'logits');
    assert.deepEqual(decisions.confusion, [
      [1, 0],
      [0, 1],
    ]);
    assert.equal(decisions.classes[0]?.recall, 0.5);
    assert.equal(decisions.areaUnderCurve, null);
    assert.equal(
      decisions.reliability.reduce((sum, bin) => sum + bin.decisions, 0),
      2,
    );
  });

  it('counts ties half in the area under the curve', () => {
    const same = Float32Array.of(0.5, 0.5, 0.5, 0.5);
    assert.equal(classDecisions(same, Int32Array.of(0, 1), 2, 'probabilities').areaUnderCurve, 0.5);
  });

  it('takes equal scores together in the average precision', () => {
    // Of three that score alike one is right, and the other two rank last: 1/3 of the recall at precision 1/3, all at 3/5.
    const scores = Float32Array.of(0.4, 0.6, 0.4, 0.6, 0.4, 0.6, 0.9, 0.1, 0.9, 0.1);
    const { classes } = classDecisions(scores, Int32Array.of(1, 0, 0, 1, 1), 2, 'probabilities');
    assertNear(classes[1]?.averagePrecision, (1 / 3) * (1 / 3) + (2 / 3) * (3 / 5), 'average precision');
  });

  it('has no five likeliest of five classes', () => {
    const outputs = Float32Array.of(1, 2, 3, 4, 5);
    assert.equal(classDecisions(outputs, Int32Array.of(0), 5, 'logits').topFive, null);
    assert.equal(classDecisions(Float32Array.of(...outputs, 6), Int32Array.of(0), 6, 'logits').topFive, 0);
    assert.equal(classDecisions(Float32Array.of(...outputs, 6), Int32Array.of(1), 6, 'logits').topFive, 1);
    // All but the first have the probability 0 in double precision.
    const saturated = Float32Array.of(5000, 1, 2, 3, 4, 5);
    assert.equal(classDecisions(saturated, Int32Array.of(5), 6, 'logits').topFive, 1);
    assert.equal(classDecisions(saturated, Int32Array.of(1), 6, 'logits').topFive, 0);
  });
});
