import assert from 'node:assert/strict';
import {
  leftOfOwn,
  OWN,
  sumEvidence,
  type SharesEvidence,
} from '../../../../src/training/epochByParts/sharesEvidence.ts';

/** Evidence whose losses are least where so much is left. */
function evidence(ahead: number, behind: number, likeliest: number): SharesEvidence {
  return { ahead, behind, losses: OWN.map((own) => 1 + (own - likeliest) ** 2) };
}

describe('leftOfOwn', () => {
  it('is everything where the classifier is ahead of the largest class by more than a standard error', () => {
    assert.equal(leftOfOwn(evidence(12, 5, 0.2)), 1);
    assert.equal(leftOfOwn(evidence(3, 0, 0.2)), 1);
  });

  it('is else what the samples make likeliest, and never nothing', () => {
    assert.equal(leftOfOwn(evidence(11, 7, 0.2)), 0.2);
    assert.equal(leftOfOwn(evidence(0, 0, 0.2)), 0.2);
    assert.equal(leftOfOwn(evidence(2, 20, 0.75)), 0.75);
    assert.equal(leftOfOwn(evidence(2, 20, -3)), 0.05);
    assert.equal(leftOfOwn(evidence(2, 20, 1)), 1);
  });
});

describe('sumEvidence', () => {
  it('adds counts and losses, each times the factor', () => {
    const { ahead, behind, losses } = sumEvidence([evidence(2, 1, 1), evidence(4, 0, 1)], 0.5);
    assert.deepEqual([ahead, behind, losses.at(-1)], [3, 0.5, 1]);
    assert.equal(losses.length, OWN.length);
  });
});
