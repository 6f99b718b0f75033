import assert from 'node:assert/strict';
import type { Task } from '../../../src/data/task.ts';
import { portfolioFor, shortObjective } from '../../../src/objectives/portfolio.ts';

const tasks: readonly Task['kind'][] = [
  'classification',
  'token-classification',
  'multi-label',
  'regression',
  'reconstruction',
  'matching',
];

describe('the objectives that are tried', () => {
  it('have a name each, which they are found again by', () => {
    for (const task of tasks) {
      const { safe, alone, others } = portfolioFor(task);
      const names = [safe, ...(alone.length > 0 ? [alone] : []), ...others].map(shortObjective);
      assert.deepEqual([...new Set(names)], names, task);
    }
  });

  it('are named by what tells them apart', () => {
    const { safe, alone, others } = portfolioFor('classification');
    assert.equal(shortObjective(safe), 'kd T 1 × 0.9 + labels × 0.1');
    assert.equal(shortObjective(alone), 'labels × 1');
    assert.deepEqual(others.map(shortObjective), [
      'kd T 1 × 1',
      'kd T 2 × 0.9 + labels × 0.1',
      'kd T 4 × 0.9 + labels × 0.1',
      'kd T 2 standardized × 0.9 + labels × 0.1',
      'dkd T 4 × 1 + labels × 1',
    ]);
    const [bounded] = portfolioFor('reconstruction').others.slice(-1);
    assert.equal(shortObjective(bounded ?? []), 'teacher-mse bounded × 0.5 + mse × 1');
  });

  it('are named without what changes during the training', () => {
    const scheduled = { from: 8, to: 2, until: 1 };
    const term = { loss: 'kd', temperature: scheduled, weight: scheduled, target: 'soft', standardize: false } as const;
    assert.equal(shortObjective([term]), 'kd');
  });
});
