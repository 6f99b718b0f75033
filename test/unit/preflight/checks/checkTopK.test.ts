import assert from 'node:assert/strict';
import type { Task } from '../../../../src/data/task.ts';
import { usualObjective } from '../../../../src/objectives/chooseObjective.ts';
import { checkTopK } from '../../../../src/preflight/checks/checkTopK.ts';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import { tinyExperiment } from '../../../support/runs.ts';

const classes: Task = { kind: 'classification', classes: ['a', 'b', 'c', 'd'] };

describe('the most probable classes', () => {
  const messagesFor = (change: object, task: Task = classes): string[] => {
    const experiment = parseExperiment({ ...tinyExperiment, cache: { topK: 2 }, ...change });
    const problems = checkTopK(
      experiment,
      task,
      Array.isArray(experiment.objective) ? experiment.objective : usualObjective(task.kind, true),
    );
    return problems.map(({ where, message }) => `${where}: ${message}`);
  };

  it('are enough for losses on distributions, labels and features', () => {
    assert.deepEqual(messagesFor({}), []);
    const objective = [
      { loss: 'kd', target: 'hard' },
      { loss: 'soft-cross-entropy' },
      { loss: 'probability-mse' },
      { loss: 'hard-teacher-labels' },
      { loss: 'dkd' },
      { loss: 'labels' },
      { loss: 'rkd', features: { student: 'a', teacher: 'b' } },
      { loss: 'hint', student: 'a', teacher: 'b' },
    ];
    assert.deepEqual(messagesFor({ objective }), []);
    assert.deepEqual(messagesFor({ augmentation: { shift: 1 }, cache: { topK: 3, views: 2 } }), []);
  });

  it('are refused where they are not enough, each with its reason', () => {
    const cases: readonly (readonly [object, RegExp, Task?])[] = [
      [{ objective: [{ loss: 'labels' }, { loss: 'logit-mse' }] }, /objective\[1\] \(logit-mse\) compares the logits/],
      [{ objective: [{ loss: 'dist' }] }, /objective\[0\] \(dist\) compares how all classes/],
      [{ objective: [{ loss: 'rkd' }] }, /\(rkd\) compares distances between the outputs/],
      [{ objective: [{ loss: 'kd', standardize: true }] }, /\(kd\) standardises the logits/],
      [{ objective: [{ loss: 'kd', target: 'rank-weighted' }] }, /\(kd\) has a target that is made of all/],
      [{ objective: [{ loss: 'kd', target: { clusters: 4 } }] }, /\(kd\) has a target that is made of all/],
      [{ cache: { topK: 4 } }, /There are 4 classes, and 4 of them are to be kept/],
      [{ teacher: null }, /There is no teacher/],
      [{ augmentation: { shift: 1 } }, /With augmentation the teacher is asked at every step/],
      [{}, /not the outputs of multi-label/, { kind: 'multi-label', classes: ['a', 'b', 'c'] }],
    ];
    for (const [change, message, task] of cases) {
      const [first = '', ...others] = messagesFor(change, task);
      assert.match(first, message);
      assert.match(first, /^cache\.topK: /);
      assert.deepEqual(others, []);
    }
  });
});
