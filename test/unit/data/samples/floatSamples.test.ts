import assert from 'node:assert/strict';
import { FloatSamples } from '../../../../src/data/samples/floatSamples.ts';
import { readSamples } from '../../../support/datasets.ts';

describe('samples kept as numbers', () => {
  it('are read in any order, repeated or not, with the targets that they were given', async () => {
    const targets = { kind: 'classes', labels: Int32Array.of(2, 0, 1) } as const;
    const samples = new FloatSamples(Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5), targets, 3);
    assert.deepEqual([samples.count, samples.targets], [3, targets]);
    assert.deepEqual(await readSamples(samples, [2, 0, 2], 2), Float32Array.of(2, 2.5, 0, 0.5, 2, 2.5));
  });
});
