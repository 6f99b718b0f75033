import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../../../src/experiment/schema.ts';
import { checkPrecision } from '../../../../src/preflight/checks/checkPrecision.ts';
import { settled } from '../../../support/settled.ts';

const bfloat16 = { precision: 'bfloat16' } as const;

function problemsOf(change: Partial<ExperimentInput>) {
  return checkPrecision(
    settled({
      teacher: null,
      dataset: { path: 'builtin:digits' },
      student: { architecture: 'mlp' },
      objective: [{ loss: 'labels', weight: 1 }],
      ...change,
    }),
  );
}

describe('checkPrecision', () => {
  it('refuses bfloat16 on a device that is asked for and does not have it', () => {
    assert.deepEqual(problemsOf({ device: 'webgpu', training: bfloat16 }), [
      {
        where: 'training.precision',
        message: "In bfloat16 products are computed on the CPU alone, not on 'webgpu'.",
        hint: "Choose 'float32' or 'float16', or the device 'cpu' or 'auto'.",
      },
    ]);
    const teacher = { architecture: 'mlp', training: bfloat16 } as const;
    assert.deepEqual(
      problemsOf({ device: 'cuda', teacher }).map(({ where }) => where),
      ['teacher.training.precision'],
    );
  });

  it('takes it where the device is left open, on the CPU, and other precisions anywhere', () => {
    assert.deepEqual(problemsOf({ device: 'auto', training: bfloat16 }), []);
    assert.deepEqual(problemsOf({ device: 'cpu', training: bfloat16 }), []);
    assert.deepEqual(problemsOf({ device: 'webgpu', training: { precision: 'float16' } }), []);
  });
});
