import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gradientRules } from '../../src/autodiff/registry.ts';
import { findSoftwareGpu } from '../support/softwareGpu.ts';

describe('gradients on WebGPU', function () {
  it('every rule gives the gradients of the reference', function () {
    const gpu = findSoftwareGpu();
    if (!gpu.environment) {
      console.log(`      skipped: ${gpu.reason}`);
      this.skip();
    }
    const program = fileURLToPath(new URL('../support/gradientsOnWebgpu.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, ...gpu.environment },
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    assert.equal(child.status, 0, child.stderr);
    const result = JSON.parse(child.stdout) as { readonly operators: string[]; readonly failures: string[] };
    assert.deepEqual(result.failures, []);
    // Operators of our own are written in others before a device sees them.
    assert.deepEqual(
      new Set(result.operators),
      new Set([...gradientRules.keys()].filter((key) => !key.startsWith('distillery.'))),
    );
  });
});
