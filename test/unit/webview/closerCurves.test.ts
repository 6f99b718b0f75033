import assert from 'node:assert/strict';
import type { Curve, RunCurves } from '../../../src/protocol/snapshot.ts';
import { areCoarse, closerCurves, hold } from '../../../webview/charts/closerCurves.ts';

const none: RunCurves = { losses: [], accuracies: [], validationLosses: [], learningRates: [], speeds: [] };
const total: Curve = {
  network: 'student',
  term: 'total',
  x: [1, 2, 3, 4, 5, 6],
  y: [1, 2, 3, 4, 5, 6],
  means: { x: [1.5, 3.5, 5.5], y: [10, 20, 30] },
};

describe('closerCurves', () => {
  const closeup = {
    ranges: [{ network: 'student', from: 2.5, to: 4 }],
    curves: { ...none, losses: [{ network: 'student', term: 'total', x: [2.4, 3, 3.5, 4], y: [7, 8, 9, 10] }] },
  } as const;

  it('puts the finer points in place of those of their range, and the newest stays', () => {
    const [curve] = closerCurves({ ...none, losses: [total] }, closeup).losses;
    assert.deepEqual(curve?.x, [1, 2, 2.4, 3, 3.5, 4, 5, 6]);
    assert.deepEqual(curve.y, [1, 2, 7, 8, 9, 10, 5, 6]);
    assert.deepEqual(curve.means?.x, [1.5, 2.4, 3, 3.5, 4, 5.5]);
  });

  it('leaves curves as they are that have every point, and those of other networks', () => {
    const { means: _means, ...whole } = total;
    const baseline: Curve = { ...total, network: 'baseline' };
    const curves = { ...none, losses: [whole, baseline] };
    assert.deepEqual(closerCurves(curves, closeup), curves);
    assert.equal(areCoarse({ ...none, losses: [whole] }), false);
    assert.equal(areCoarse(curves), true);
  });
});

describe('hold', () => {
  it('says whether every range lies within one of the same network', () => {
    const wide = [{ network: 'student', from: 0, to: 9 }] as const;
    assert.equal(hold(wide, [{ network: 'student', from: 1, to: 9 }]), true);
    assert.equal(hold(wide, [{ network: 'student', from: 1, to: 10 }]), false);
    assert.equal(hold(wide, [{ network: 'baseline', from: 1, to: 2 }]), false);
  });
});
