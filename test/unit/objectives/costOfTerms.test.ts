import assert from 'node:assert/strict';
import { macsOfTerms } from '../../../src/objectives/costOfTerms.ts';
import type { ObjectiveTerm } from '../../../src/objectives/objectiveTerm.ts';
import type { Shape } from '../../../src/onnx/tensor.ts';

const shapes: Readonly<Record<string, Shape>> = {
  'student:map': ['batch', 8, 4, 4],
  'teacher:map': ['batch', 32, 4, 4],
  'student:vector': ['batch', 16],
  'teacher:vector': ['batch', 64],
};

function macs(term: ObjectiveTerm, batchSize = 10): number {
  return macsOfTerms([term], { batchSize, outputs: 5, shapeOf: (side, name) => shapes[`${side}:${name}`] });
}

describe('macsOfTerms', () => {
  const map = { student: 'map', teacher: 'map', weight: 1 };
  const vector = { student: 'vector', teacher: 'vector', weight: 1 };

  it('counts learned maps: at every position, or once for vectors', () => {
    // A 1×1 convolution of 8 channels to 32 at 16 positions, and the squares of 2 · 512 numbers.
    assert.equal(macs({ loss: 'hint', ...map }), 16 * 8 * 32 + 4 * 2 * 512);
    assert.equal(macs({ loss: 'cosine', ...map, project: true }) - macs({ loss: 'cosine', ...map }), 16 * 8 * 32);
    // A projection of the means over positions, and as many products as there are samples to compare with.
    assert.equal(macs({ loss: 'contrastive', ...map, temperature: 1 }), 8 * 32 + 10 * 32);
    assert.equal(macs({ loss: 'contrastive', ...vector, temperature: 1, queue: 90 }), 16 * 64 + 100 * 64);
  });

  it('counts what grows with the batch', () => {
    const rkd = { loss: 'rkd', weight: 1, distance: 25, features: { student: 'vector', teacher: 'vector' } } as const;
    const [few, many] = [10, 100].map((batch) => macs({ ...rkd, angle: 50 }, batch));
    assert.equal(few, 80 * (4 * 10 + 10 ** 2));
    assert.equal(many, 80 * (4 * 100 + 100 ** 2));
    assert.equal(macs({ ...rkd, angle: 0 }), 80 * 4 * 10);
  });

  it('is nothing of terms on outputs, and of values that a network does not have', () => {
    assert.equal(macs({ loss: 'kd', weight: 1, temperature: 4, standardize: false, target: 'soft' }), 0);
    assert.equal(macs({ loss: 'hint', student: 'none', teacher: 'none', weight: 1 }), 0);
  });
});
