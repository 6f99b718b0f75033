import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findSoftwareGpu } from '../../../support/softwareGpu.ts';
import { usualTerms } from './terms.ts';

describe('objectives on WebGPU', function () {
  it('give the losses and gradients that they give on the CPU', function () {
    const gpu = findSoftwareGpu();
    if (!gpu.environment) {
      console.log(`      skipped: ${gpu.reason}`);
      this.skip();
    }
    const program = fileURLToPath(new URL('./objectivesOnWebgpu.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, ...gpu.environment },
      encoding: 'utf8',
    });
    assert.equal(child.status, 0, child.stderr);
    const result = JSON.parse(child.stdout) as { readonly losses: string[]; readonly failures: string[] };
    assert.deepEqual(result.failures, []);
    assert.deepEqual(result.losses, Object.keys(usualTerms));
  });
});
