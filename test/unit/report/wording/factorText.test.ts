import assert from 'node:assert/strict';
import { pointsText } from '../../../../src/report/wording/differenceTexts.ts';
import { factorIntervalText, factorText, speedLabels } from '../../../../src/report/wording/factorText.ts';
import { inEnglish } from '../../../../src/report/wording/reportText.ts';

describe('factorText', () => {
  it('puts ratios into words, never below one', () => {
    const words = { above: '{0} smaller', below: '{0} larger', equal: 'the same size' } as const;
    const written = (ratio: number): string => inEnglish(factorText(ratio, words));
    assert.equal(written(4.94), '4.9× smaller');
    assert.equal(written(0.5), '2.0× larger');
    assert.equal(written(1.04), 'the same size');
    assert.equal(written(0.96), 'the same size');
  });
});

describe('factorIntervalText', () => {
  const written = (ratio: number, low: number, high: number): string =>
    inEnglish(factorIntervalText(ratio, { low, high }, speedLabels));

  it('writes the interval beside the factor, turned round with it', () => {
    assert.equal(written(4.9, 4.7, 5.2), '4.9× faster (4.7–5.2)');
    assert.equal(written(0.5, 0.4, 0.8), '2.0× slower (1.3–2.5)');
  });

  it('leaves out one that is but the factor when it is rounded', () => {
    assert.equal(written(1.1, 1.09, 1.12), '1.1× faster');
    assert.equal(written(1, 0.996, 1.02), 'as fast');
  });
});

describe('pointsText', () => {
  it('writes a difference of shares in points, with its sign', () => {
    assert.equal(inEnglish(pointsText(0.0042)), '+0.42 points');
    assert.equal(inEnglish(pointsText(-0.003)), '−0.30 points');
    assert.equal(inEnglish(pointsText(0)), '±0.00 points');
  });
});
