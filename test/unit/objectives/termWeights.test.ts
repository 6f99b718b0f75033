import assert from 'node:assert/strict';
import { termWeightsAt } from '../../../src/objectives/termWeights.ts';
import { objectiveTermSchema } from '../../../src/experiment/schema/objective.ts';

describe('termWeightsAt', () => {
  const objective = [
    { loss: 'kd', weight: { from: 0, to: 1, until: 0.5 } },
    { loss: 'labels', weight: 0.25 },
    { loss: 'labels', weight: 2 },
  ].map((term) => objectiveTermSchema.parse(term));

  it('has the weight of every term at a moment of the run, by the name that its loss is told under', () => {
    assert.deepEqual(termWeightsAt(objective, 0), { kd: 0, labels: 0.25, 'labels-2': 2 });
    assert.deepEqual(termWeightsAt(objective, 0.25), { kd: 0.5, labels: 0.25, 'labels-2': 2 });
    assert.deepEqual(termWeightsAt(objective, 1, 0.1), { kd: 1, labels: 0.25, 'labels-2': 2, balance: 0.1 });
  });
});
