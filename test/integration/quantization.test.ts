import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryOverflow } from '../../src/run/stages/variants/weightBits.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { cifarFolder } from '../support/cifarFolder.ts';
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';
import { sharedPath } from '../support/shared.ts';
import { smallDigits } from '../support/smallDigits.ts';
import { fullOr, tellShortened } from '../support/full.ts';

const quantization = { staticInt8: true, dynamicInt8: true, float16: true, int4: true, calibrationSamples: 256 };

/** Runs the experiment and returns the report's student and its variants, by kind. */
async function quantized(experiment: ExperimentInput, asked: ExperimentInput['quantization'] = quantization) {
  const { result, folder } = await run({ ...experiment, quantization: asked });
  const { report } = result;
  assert.ok(report);
  return { report, folder, variants: new Map(report.variants.map((variant) => [variant.kind, variant])) };
}

describe('quantised students', () => {
  after(removeRuns);

  it('are files of their own, judged beside the student', async () => {
    const { report, folder, variants } = await quantized({ ...tinyExperiment, baseline: false });
    assert.deepEqual([...variants.keys()], ['static-int8', 'dynamic-int8', 'float16', 'int4']);
    for (const kind of ['static-int8', 'dynamic-int8'] as const) {
      const expected = (await tryOverflow(kind, 8))
        ? { bits: 7, reason: 'processor-overflows' }
        : { bits: 8, reason: 'processor-exact' };
      assert.deepEqual(variants.get(kind)!.weights, expected);
    }
    assert.equal(variants.get('float16')!.weights, null);
    for (const { file, test, agreement, latencyMs, bytes, keptOn } of variants.values()) {
      assert.equal(keptOn?.samples, report.dataset[keptOn?.split ?? 'test']);
      assert.ok(file !== null && existsSync(join(folder, file)));
      assert.ok(bytes < report.student.bytes && latencyMs.p50 > 0);
      assert.ok(Math.abs(test.accuracy! - report.student.test.accuracy!) < 0.05);
      assert.ok(agreement !== null && agreement > 0);
    }
  });

  it('that lose more than is allowed are not kept', async () => {
    const limits = { staticInt8: false, dynamicInt8: true, largestRise: 0 };
    const { result, folder } = await run({
      teacher: null,
      dataset: { path: smallDigits(), limit: 100, task: 'reconstruction' },
      student: { architecture: 'mlp', hidden: [4] },
      training: { epochs: 1, batchSize: 50 },
      device: 'cpu',
      quantization: limits,
    });
    const [variant] = result.report!.variants;
    const { split, difference } = variant!.keptOn!;
    assert.equal(split, 'validation');
    assert.equal(variant!.refusal !== null, difference > 0, `${difference}`);
    if (difference > 0) assert.match(variant!.refusal!, /higher on the validation split; 0\.0 % are allowed/);
    assert.equal(existsSync(join(folder, 'student.dynamic-int8.onnx')), variant!.refusal === null);
  });

  it('suit every processor where that is asked for, and are no worse for it', async () => {
    const { result, events } = await run({
      ...tinyExperiment,
      baseline: false,
      quantization: { ...quantization, float16: false, int4: false, weightRange: 'reduced', largestDrop: 1 },
    });
    const { student, variants } = result.report!;
    for (const { weights, test } of variants) {
      assert.deepEqual(weights, { bits: 7, reason: 'asked' });
      assert.ok(Math.abs(test.accuracy! - student.test.accuracy!) < 0.05);
    }
    assert.equal(variants.length, 2);
    assert.ok(events.some((event) => event.kind === 'phase' && /Static int8: weights take 7 bits/.test(event.message)));
  });

  for (const { name, experiment } of realExperiments()) {
    it(`in static int8 lose at most half a point on ${name} and are 3.5 times smaller`, async function () {
      const made = experiment();
      if (!made) {
        console.log('      skipped: the data are not at hand');
        this.skip();
      }
      tellShortened('students of real teachers in int8: on a quarter of the data');
      const { report, variants } = await quantized(made, { staticInt8: true, calibrationSamples: 256 });
      const variant = variants.get('static-int8')!;
      assert.ok(variant.difference.value >= -0.005, `${variant.difference.value}`);
      assert.ok(report.weightBytes! / variant.weightBytes >= 3.5, `${report.weightBytes! / variant.weightBytes}`);
    });
  }
});

/** Students of the real teachers, trained briefly. */
function realExperiments(): readonly { name: string; experiment: () => ExperimentInput | undefined }[] {
  const common = { baseline: false, device: 'cpu' } as const;
  return [
    {
      name: 'MNIST',
      experiment: () => {
        const [path, model] = [sharedPath('data/mnist'), sharedPath('models/mnist-mlp-1200.onnx')];
        if (path === undefined || model === undefined) return undefined;
        return {
          ...common,
          teacher: { model },
          dataset: { path, limit: fullOr(10_000, 3000) },
          student: { architecture: 'mlp', hidden: [256] },
          training: { epochs: fullOr(3, 4), batchSize: 100 },
        };
      },
    },
    {
      name: 'CIFAR photographs',
      experiment: () => {
        const [path, model] = [cifarFolder(tmpdir()), sharedPath('models/cifar10-resnet14.onnx')];
        if (path === undefined || model === undefined) return undefined;
        return {
          ...common,
          teacher: { model },
          dataset: { path, normalization: 'cifar10', limit: fullOr(4000, 1000) },
          student: { architecture: 'convnet', channels: [32, 64], hidden: [64] },
          training: { epochs: 2, batchSize: 64 },
        };
      },
    },
  ];
}
