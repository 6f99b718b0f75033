import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../../src/errors.ts';
import type { Speed } from '../../src/report/speed.ts';
import { fullOr, tellShortened } from '../support/full.ts';
import { findSoftwareGpu } from '../support/softwareGpu.ts';

interface DeviceRun {
  readonly device: string;
  readonly message: string;
  /** Why the device was refused. */
  readonly refused?: string;
  readonly weights: readonly number[];
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string>>;

/** What a program prints, in a process of its own because the driver is chosen when Vulkan is first used. */
function resultOf(program: string, args: readonly string[], environment: Environment): unknown {
  const path = fileURLToPath(new URL(`../support/${program}`, import.meta.url));
  const child = spawnSync(process.execPath, ['--import', 'tsx', path, ...args], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout);
}

/** Short trainings on a device, in one process. */
function trainEachOn(device: string, kinds: readonly string[], environment: Environment): readonly DeviceRun[] {
  return resultOf('deviceRun.ts', [device, ...kinds], environment) as readonly DeviceRun[];
}

function trainOn(device: string, kind: string, environment: Environment): DeviceRun {
  return trainEachOn(device, [kind], environment)[0]!;
}

/** `deep` has more weights than a device binds buffers to a shader; `queues` has queues of the teacher's features; `NCHW` lays images out with channels first. */
const everyKind: readonly string[] = [
  'mlp',
  'convnet',
  'convnet adam float32 NCHW',
  'mlp lamb',
  'mlp lion',
  'deep',
  'queues',
];
/** A driver of software compiles shaders for seconds for each. */
const kinds = fullOr(everyKind, ['convnet', 'mlp lamb', 'deep', 'queues']);
tellShortened(`kinds of networks that are trained on WebGPU: ${kinds.length} of ${everyKind.length}`);
/** Ends with an operator that has no kernel there. */
const LACKING = 'softsign';

let trained: { readonly onGpu: readonly DeviceRun[]; readonly onCpu: readonly DeviceRun[] } | undefined;

/** All of these, on the CPU and on a GPU, once: a process takes longer to start than to train one. */
function trainAll(environment: Environment) {
  const all = [...kinds, LACKING];
  trained ??= { onGpu: trainEachOn('webgpu', all, environment), onCpu: trainEachOn('cpu', all, {}) };
  return trained;
}

interface SpeedRun {
  readonly device: string;
  readonly speed: Speed;
  readonly cpuSpeed?: Speed;
  readonly warnings: readonly Problem[];
  readonly openSessions: number;
}

function measureOn(device: string, environment: Environment): SpeedRun {
  return resultOf('speedRun.ts', [device], environment) as SpeedRun;
}

describe('webgpu', function () {
  for (const [place, architecture] of kinds.entries()) {
    it(`trains a network (${architecture}) to the same weights as the CPU`, function () {
      const gpu = findSoftwareGpu();
      if (!gpu.environment) {
        console.log(`      skipped: ${gpu.reason}`);
        this.skip();
      }
      const { onGpu: gpuRuns, onCpu: cpuRuns } = trainAll(gpu.environment);
      const [onGpu, onCpu] = [gpuRuns[place]!, cpuRuns[place]!];
      assert.equal(onGpu.device, 'webgpu', onGpu.message);
      assert.equal(onCpu.device, 'cpu');
      assert.equal(onGpu.weights.length, onCpu.weights.length);
      const worst = Math.max(...onGpu.weights.map((weight, index) => Math.abs(weight - onCpu.weights[index]!)));
      console.log(`      largest difference of ${onGpu.weights.length} weights: ${worst.toExponential(1)}`);
      assert.ok(worst < 1e-4);
      assert.deepEqual(onGpu.warnings, [], 'no operator is left to the CPU');
    });
  }

  it('says which operator of a step has no kernel there', function () {
    const gpu = findSoftwareGpu();
    if (!gpu.environment) {
      console.log(`      skipped: ${gpu.reason}`);
      this.skip();
    }
    const { warnings } = trainAll(gpu.environment).onGpu.at(-1)!;
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /^webgpu leaves operators of the student's training step to the CPU: (\w+, )*Softsign(, \w+)*\. Every step waits/,
    );
  });

  it('trains in half precision to the same weights as the CPU, or says in one sentence that it cannot', function () {
    const gpu = findSoftwareGpu();
    if (!gpu.environment) {
      console.log(`      skipped: ${gpu.reason}`);
      this.skip();
    }
    const onGpu = trainOn('webgpu', 'convnet adam float16', gpu.environment);
    if (onGpu.refused !== undefined) {
      assert.match(
        onGpu.refused,
        /^webgpu cannot train in float16 here: Program \w+ requires f16 but the device does not support it\.$/,
      );
      const { device, message } = trainOn('auto', 'mlp adam float16', gpu.environment);
      assert.equal(device, 'cpu');
      assert.match(message, /webgpu: Program \w+ requires f16/);
      console.log('      this driver has no float16: only the refusal was tested');
      return;
    }
    const onCpu = trainOn('cpu', 'convnet adam float16', {});
    const worst = Math.max(...onGpu.weights.map((weight, index) => Math.abs(weight - onCpu.weights[index]!)));
    console.log(`      largest difference of ${onGpu.weights.length} weights: ${worst.toExponential(1)}`);
    // Nine steps of Adam move a weight by up to 0.09; a gradient that is nearly 0 may move it either way.
    assert.ok(worst < 0.05);
  });

  it('leaves out steps whose gradients are not finite, as the CPU does', function () {
    const gpu = findSoftwareGpu();
    if (!gpu.environment) {
      console.log(`      skipped: ${gpu.reason}`);
      this.skip();
    }
    const skipped = [7, 8, 9, 512];
    assert.deepEqual(resultOf('lossScaleOnWebgpu.ts', [], gpu.environment), [
      [1 / 1024, 2 / 1024, 3 / 1024, 2048],
      skipped,
      skipped,
      skipped,
    ]);
  });

  it('is what the speed of networks is measured on, beside the CPU', function () {
    const gpu = findSoftwareGpu();
    if (!gpu.environment) {
      console.log(`      skipped: ${gpu.reason}`);
      this.skip();
    }
    const { device, speed, cpuSpeed, warnings, openSessions } = measureOn('webgpu', gpu.environment);
    assert.equal(device, 'webgpu', JSON.stringify(warnings));
    assert.ok(speed.latencyMs.p50 > 0 && speed.throughput!.single > 0 && speed.throughput!.batched! > 0);
    assert.ok(cpuSpeed && cpuSpeed.latencyMs.p50 > 0 && cpuSpeed.latencyMs.p50 !== speed.latencyMs.p50);
    assert.equal(openSessions, 0);
  });

  it('falls back to the CPU with the reason where there is no adapter', () => {
    const { device, message } = trainOn('webgpu', 'mlp', { VK_DRIVER_FILES: '/nonexistent.json' });
    assert.equal(device, 'cpu');
    assert.match(message, /webgpu: no graphics device was found/);
  });
});
