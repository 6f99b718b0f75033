import assert from 'node:assert/strict';
import { CrossFittedTeaching } from '../../../src/teacher/crossFittedTeaching.ts';
import { TableTeaching } from '../../../src/teacher/tableTeaching.ts';
import { featureInput, teacherInput } from '../../../src/training/trainingTask.ts';

describe('CrossFittedTeaching', () => {
  it('replaces the logits of the first samples, and nothing else', async () => {
    const tables = new Map([
      [teacherInput(0), Float32Array.from([0, 0, 1, 1, 2, 2, 3, 3])],
      [featureInput('inside'), Float32Array.from([10, 11, 12, 13])],
    ]);
    const teaching = new CrossFittedTeaching(new TableTeaching(tables, 4), {
      logits: Float32Array.from([-5, 5, -6, 6]),
      count: 2,
    });
    const target = { [teacherInput(0)]: new Float32Array(6), [featureInput('inside')]: new Float32Array(3) };
    await teaching.write({ indices: [3, 1, 0], samples: new Float32Array(0), epoch: 1 }, target);
    assert.deepEqual([...(target[teacherInput(0)] ?? [])], [3, 3, -6, 6, -5, 5]);
    assert.deepEqual([...(target[featureInput('inside')] ?? [])], [13, 11, 10]);
  });

  it('passes on which samples come next', () => {
    const told: number[][] = [];
    const inner = {
      write: () => Promise.resolve(),
      announce: (order: Int32Array) => {
        told.push([...order]);
      },
    };
    new CrossFittedTeaching(inner, { logits: new Float32Array(2), count: 1 }).announce(Int32Array.from([2, 0]));
    assert.deepEqual(told, [[2, 0]]);
  });
});
