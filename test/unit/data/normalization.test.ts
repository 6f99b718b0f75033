import assert from 'node:assert/strict';
import { ByteSamples } from '../../../src/data/samples/byteSamples.ts';
import { channelStatistics, normalizationProblems, normalizeSplit } from '../../../src/data/normalization.ts';

describe('normalisation', () => {
  it('subtracts the mean and divides by the deviation, channel by channel', async () => {
    // Two samples of 3 channels of 2 pixels.
    const bytes = Uint8Array.of(0, 51, 102, 153, 204, 255, 255, 0, 255, 0, 255, 0);
    const split = new ByteSamples(bytes, { kind: 'classes', labels: Int32Array.of(0, 1) }, 6);
    const target = new Float32Array(12);
    await normalizeSplit(split, channelStatistics('cifar10')).read([1, 0], target);
    const expected = [
      (1 - 0.4914) / 0.247,
      (0 - 0.4914) / 0.247,
      (1 - 0.4822) / 0.2435,
      (0 - 0.4822) / 0.2435,
      (1 - 0.4465) / 0.2616,
      (0 - 0.4465) / 0.2616,
      (0 - 0.4914) / 0.247,
      (0.2 - 0.4914) / 0.247,
      (0.4 - 0.4822) / 0.2435,
      (0.6 - 0.4822) / 0.2435,
      (0.8 - 0.4465) / 0.2616,
      (1 - 0.4465) / 0.2616,
    ];
    for (const [index, value] of expected.entries()) assert.ok(Math.abs(target[index]! - value) < 1e-6);
  });

  it('leaves values of 0…1 when there is none', async () => {
    const split = new ByteSamples(Uint8Array.of(0, 51, 255), { kind: 'classes', labels: Int32Array.of(0, 0, 0) }, 1);
    const target = new Float32Array(3);
    await normalizeSplit(split, channelStatistics('none')).read([0, 1, 2], target);
    assert.deepEqual(target, Float32Array.of(0, 0.2, 1));
  });

  it('has the statistics of the well-known datasets', () => {
    assert.deepEqual(channelStatistics('mnist'), { mean: [0.1307], std: [0.3081] });
    assert.deepEqual(channelStatistics('imagenet'), { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  });

  it('refuses another number of channels', () => {
    assert.deepEqual(normalizationProblems('cifar10', 3), []);
    assert.deepEqual(normalizationProblems('none', 5), []);
    const [colour] = normalizationProblems('cifar10', 1);
    assert.equal(colour?.where, 'dataset.normalization');
    assert.match(colour.message, /'cifar10' has values for 3 channels, but the samples have 1 channel\./);
    const [uneven] = normalizationProblems({ mean: [0, 0, 0], std: [1] }, 3);
    assert.match(uneven!.message, /3 means and 1 standard deviations/);
  });
});

describe('samples in memory', () => {
  const split = new ByteSamples(Uint8Array.of(1, 2, 3, 4), { kind: 'classes', labels: Int32Array.of(0, 1) }, 2);

  it('reject an index that is out of range', async () => {
    for (const index of [2, -1, NaN]) {
      await assert.rejects(split.read([index], new Float32Array(2)), /There is no sample/);
    }
  });

  it('reject a target of another size', async () => {
    await assert.rejects(split.read([0, 1], new Float32Array(3)), /do not fill 3 values/);
  });
});
