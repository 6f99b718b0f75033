import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findSoftwareGpu } from '../support/softwareGpu.ts';

interface DeviceRun {
  readonly device: string;
  readonly message: string;
  readonly weights: readonly number[];
}

/** A short training on a device, in a process of its own because the driver is chosen when Vulkan is first used. */
function trainOn(device: string, kind: string, environment: Readonly<Record<string, string>>): DeviceRun {
  const program = fileURLToPath(new URL('../support/deviceRun.ts', import.meta.url));
  const child = spawnSync(process.execPath, ['--import', 'tsx', program, device, ...kind.split(' ')], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout) as DeviceRun;
}

describe('webgpu', function () {
  this.timeout(300_000);

  for (const architecture of ['mlp', 'convnet', 'mlp lamb', 'mlp lion']) {
    it(`trains a network (${architecture}) to the same weights as the CPU`, function () {
      const gpu = findSoftwareGpu();
      if (!gpu.environment) {
        console.log(`      skipped: ${gpu.reason}`);
        this.skip();
      }
      const onGpu = trainOn('webgpu', architecture, gpu.environment);
      const onCpu = trainOn('cpu', architecture, {});
      assert.equal(onGpu.device, 'webgpu', onGpu.message);
      assert.equal(onCpu.device, 'cpu');
      assert.equal(onGpu.weights.length, onCpu.weights.length);
      const worst = Math.max(...onGpu.weights.map((weight, index) => Math.abs(weight - onCpu.weights[index]!)));
      console.log(`      largest difference of ${onGpu.weights.length} weights: ${worst.toExponential(1)}`);
      assert.ok(worst < 1e-4);
    });
  }

  it('falls back to the CPU with the reason where there is no adapter', () => {
    const { device, message } = trainOn('webgpu', 'mlp', { VK_DRIVER_FILES: '/nonexistent.json' });
    assert.equal(device, 'cpu');
    assert.match(message, /webgpu: .*adapter/);
  });
});
