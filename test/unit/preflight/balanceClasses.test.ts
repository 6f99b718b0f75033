import assert from 'node:assert/strict';
import { balanceClasses } from '../../../src/preflight/balanceClasses.ts';
import type { Dataset } from '../../../src/data/dataset.ts';
import type { Targets } from '../../../src/data/targets.ts';
import type { Task } from '../../../src/data/task.ts';

const datasetWith = (task: Task, targets: Targets, count: number): Pick<Dataset, 'task' | 'training'> => ({
  task,
  training: { count, targets, read: () => Promise.resolve() },
});

describe('balanced weights of classes', () => {
  it('are n / (C n_c), so that the mean over the samples is 1', () => {
    const targets = { kind: 'classes', labels: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1) } as const;
    const dataset = datasetWith({ kind: 'classification', classes: ['a', 'b', 'c'] }, targets, 8);
    const [term, other] = balanceClasses(
      [
        { loss: 'labels', weight: 1, smoothing: 0, classWeights: 'balanced' },
        { loss: 'labels', weight: 1, smoothing: 0, classWeights: { each: [1, 2, 3] } },
      ],
      dataset,
    );
    // scikit-learn: compute_class_weight('balanced') has n / (C n_c); a class that nobody has counts 1.
    assert.ok(term && 'classWeights' in term && other && 'classWeights' in other);
    assert.deepEqual(term.classWeights, { each: [8 / 18, 8 / 6, 1] });
    assert.deepEqual(other.classWeights, { each: [1, 2, 3] });
  });

  it('are those without a class over those with it where samples have several', () => {
    const targets = { kind: 'values', values: Float32Array.of(1, 0, 1, 1, 0, 0, 0, 0), width: 2 } as const;
    const dataset = datasetWith({ kind: 'multi-label', classes: ['a', 'b'] }, targets, 4);
    const [term] = balanceClasses([{ loss: 'binary-labels', weight: 1, classWeights: 'balanced' }], dataset);
    assert.ok(term && 'classWeights' in term);
    assert.deepEqual(term.classWeights, { each: [1, 3] });
  });
});
