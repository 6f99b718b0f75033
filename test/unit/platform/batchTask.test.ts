import assert from 'node:assert/strict';
import { batchTaskOf } from '../../../src/platform/batchTask.ts';

describe('the task of a batch system', () => {
  it('is told by the environment, and is the same when it is started anew', () => {
    const slurm = { SLURM_JOB_ID: '12' };
    assert.deepEqual(batchTaskOf(slurm), { id: 'slurm:12', index: undefined });
    const array = { ...slurm, SLURM_ARRAY_JOB_ID: '10', SLURM_ARRAY_TASK_ID: '3', SLURM_RESTART_COUNT: '2' };
    assert.deepEqual(batchTaskOf(array), { id: 'slurm:10_3', index: 3 });
    assert.deepEqual(batchTaskOf({ DISTILLERY_JOB: 'a-trial', JOB_COMPLETION_INDEX: '4' }), {
      id: 'kubernetes:a-trial_4',
      index: 4,
    });
    assert.deepEqual([batchTaskOf({}), batchTaskOf({ SLURM_JOB_ID: 'x' })], [undefined, undefined]);
  });
});
