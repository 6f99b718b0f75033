import assert from 'node:assert/strict';
import { weighShares } from '../../../../../src/run/stages/epochByParts/judgePart.ts';
import { OWN } from '../../../../../src/training/epochByParts/sharesEvidence.ts';

const SHARES = [0.25, 0.75];

describe('weighShares', () => {
  it('counts where the classifier or whoever always says the largest class alone is right', () => {
    // Says the classes 0, 0, 1, 1, 0.
    const logits = Float32Array.of(2, 0, 2, 0, 0, 2, 0, 2, 2, 0);
    const { ahead, behind } = weighShares(logits, Int32Array.of(0, 1, 1, 0, 1), SHARES);
    assert.deepEqual([ahead, behind], [1, 2]);
  });

  it('has the cross-entropy of what is left of the classifier beside the shares', () => {
    const { losses } = weighShares(Float32Array.of(2, 0, 0, 1), Int32Array.of(0, 0), SHARES);
    const half = OWN.indexOf(0.5);
    const loss = (difference: number): number => Math.log(1 + Math.exp(-difference));
    const prior = Math.log(0.25 / 0.75);
    assert.ok(Math.abs((losses.at(-1) ?? 0) - loss(2) - loss(-1)) < 1e-6);
    assert.ok(
      Math.abs((losses[half] ?? 0) - loss(0.5 * 2 + 0.5 * prior) - loss(0.5 * -1 + 0.5 * prior)) < 1e-6,
      String(losses[half]),
    );
  });
});
