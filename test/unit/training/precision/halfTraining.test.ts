import assert from 'node:assert/strict';
import { OnnxRuntimeEngine } from '../../../../src/training/engines/onnxruntimeEngine.ts';
import { SkippedLosses } from '../../../../src/training/precision/skippedLosses.ts';
import { mlpNetwork, resnetNetwork } from '../../../support/engineNetworks.ts';
import { curveOf, optionsOf, stepsOf } from '../../../support/engineSteps.ts';

describe('a training in half precision', function () {
  // Largest differences seen: 1.4e-4 and 1.8e-2; batch normalisation over a batch of 8 makes much of little.
  for (const [name, network, tolerance] of [
    ['an MLP', mlpNetwork, 1e-3],
    ['a ResNet-8', resnetNetwork, 0.08],
  ] as const) {
    it(`has the curve of float32, but for rounding (${name})`, async () => {
      const steps = stepsOf(network(), 50);
      const curves: number[][] = [];
      for (const precision of ['float32', 'float16'] as const) {
        const engine = await OnnxRuntimeEngine.open(optionsOf(network(), precision));
        try {
          curves.push((await curveOf(engine, steps)).map(({ total }) => total!));
        } finally {
          await engine.dispose();
        }
      }
      const [single, half] = curves;
      const differences = single!.map((loss, index) => Math.abs(loss - half![index]!) / loss);
      const worst = Math.max(...differences);
      console.log(`      largest relative difference of 50 losses: ${worst.toExponential(1)}`);
      assert.equal(half!.length, 50);
      assert.ok(single!.at(-1)! < 0.8 * single![0]!, 'it learns');
      assert.ok(worst < tolerance);
      assert.ok(worst > 1e-6, 'nothing was rounded');
    });
  }

  it('goes on from what was stored as if it had not been interrupted, with the scale of the loss', async () => {
    const network = mlpNetwork();
    const steps = stepsOf(network, 8);
    // One batch that overflows, so that the scale is not what it was at the start.
    steps[2]!.batch['samples']!.fill(1e6);
    const whole = await OnnxRuntimeEngine.open(optionsOf(network, 'float16'));
    const first = await OnnxRuntimeEngine.open(optionsOf(network, 'float16'));
    const second = await OnnxRuntimeEngine.open(optionsOf(network, 'float16'));
    try {
      await whole.run(steps);
      await first.run(steps.slice(0, 5));
      const stored = await first.readState();
      assert.deepEqual(stored.get('lossScale')?.data, Float32Array.of(2 ** 15));
      assert.deepEqual(stored.get('lossScale.goodSteps')?.data, Float32Array.of(2));
      second.writeState(stored);
      await second.run(steps.slice(5));
      assert.deepEqual(await second.readState(), await whole.readState());
    } finally {
      for (const engine of [whole, first, second]) await engine.dispose();
    }
  });

  it('is refused to go on from a training in float32', async () => {
    const network = mlpNetwork();
    const single = await OnnxRuntimeEngine.open(optionsOf(network, 'float32'));
    const half = await OnnxRuntimeEngine.open(optionsOf(network, 'float16'));
    try {
      const stored = await single.readState();
      assert.throws(() => {
        half.writeState(stored);
      }, /of another network or optimizer/);
    } finally {
      for (const engine of [single, half]) await engine.dispose();
    }
  });
});

describe('SkippedLosses', () => {
  it('leaves out losses that are not finite, until there are too many in a row', () => {
    const skipped = new SkippedLosses();
    assert.equal(skipped.isSkipped({ total: 1, kd: 2 }), false);
    for (let round = 0; round < 2; round++) {
      for (let step = 1; step < 32; step++) assert.equal(skipped.isSkipped({ total: NaN, kd: Infinity }), true);
      assert.equal(skipped.isSkipped({ total: 1, kd: 2 }), false);
    }
    for (let step = 1; step < 32; step++) skipped.isSkipped({ total: 1, kd: NaN });
    assert.equal(skipped.isSkipped({ total: 1, kd: NaN }), false);
  });
});
