import assert from 'node:assert/strict';
import type { ObjectiveTerm } from '../../../src/objectives/objectiveTerm.ts';
import { scalarsAt, scheduledScalars } from '../../../src/objectives/scalars.ts';
import { largestOf, scheduledAt } from '../../../src/objectives/scheduledNumber.ts';

describe('schedule', () => {
  it('leaves a number as it is', () => {
    for (const progress of [0, 0.5, 1]) assert.equal(scheduledAt(4, progress), 4);
  });

  it('goes in a straight line from the start to the share of the run, and stays there', () => {
    const ramp = { from: 10, to: 2, until: 0.5 };
    assert.deepEqual(
      [0, 0.125, 0.25, 0.5, 0.75, 1].map((progress) => scheduledAt(ramp, progress)),
      [10, 8, 6, 2, 2, 2],
    );
    assert.equal(largestOf(ramp), 10);
  });

  it('expresses the warm-up min(epoch / 20, 1)', () => {
    const epochs = 240;
    const warmUp = { from: 0, to: 1, until: 20 / epochs };
    for (const epoch of [0, 1, 10, 19, 20, 21, 240]) {
      assert.ok(Math.abs(scheduledAt(warmUp, epoch / epochs) - Math.min(epoch / 20, 1)) < 1e-12);
    }
  });
});

describe('scheduled scalars', () => {
  const ramp = { from: 0, to: 1, until: 0.5 };
  const terms: ObjectiveTerm[] = [
    { loss: 'kd', temperature: { from: 8, to: 4, until: 1 }, weight: 0.9, standardize: false, target: { clusters: 5 } },
    { loss: 'labels', weight: 0.1, smoothing: 0 },
    { loss: 'kd', temperature: 1, weight: ramp, standardize: false, target: 'soft' },
  ];

  it('are the ramps of all terms, by name', () => {
    assert.deepEqual(
      scheduledScalars(terms),
      new Map([
        ['kd.temperature', { from: 8, to: 4, until: 1 }],
        ['kd-2.weight', ramp],
      ]),
    );
  });

  it('have a value at every moment', () => {
    assert.deepEqual(
      scalarsAt(terms, 0.25),
      new Map([
        ['kd.temperature', 7],
        ['kd-2.weight', 0.5],
      ]),
    );
  });
});
