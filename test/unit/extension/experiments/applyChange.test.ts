import assert from 'node:assert/strict';
import { applyChange, changedValues } from '../../../../src/extension/experiments/applyChange.ts';

const experiment = {
  teacher: { model: 'a.onnx' },
  student: { architecture: 'mlp', hidden: [8, 4] },
  objective: [{ loss: 'kd' }],
};

describe('a change of an experiment', () => {
  it('replaces values inside objects one by one and leaves the others where they are', () => {
    assert.deepEqual(applyChange(experiment, { student: { hidden: [16] }, augmentation: { shift: 2 } }), {
      teacher: { model: 'a.onnx' },
      student: { architecture: 'mlp', hidden: [16] },
      objective: [{ loss: 'kd' }],
      augmentation: { shift: 2 },
    });
  });

  it('sets null, which a teacher may be, and lists as a whole', () => {
    const changed = applyChange(experiment, { teacher: null, objective: [{ loss: 'labels' }] }) as typeof experiment;
    assert.equal(changed.teacher, null);
    assert.deepEqual(changed.objective, [{ loss: 'labels' }]);
    assert.deepEqual(experiment.teacher, { model: 'a.onnx' });
  });

  it('knows what was there before', () => {
    assert.deepEqual(
      changedValues(experiment, { student: { hidden: [16] }, augmentation: { shift: 2 }, teacher: null }),
      [
        { path: ['student', 'hidden'], before: [8, 4] },
        { path: ['augmentation', 'shift'], before: undefined },
        { path: ['teacher'], before: { model: 'a.onnx' } },
      ],
    );
  });
});
