import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { binFeatures, shiftOf } from '../../../src/estimators/boosting/bins.ts';

describe('binFeatures', () => {
  it('puts a value into the bin that has as many bounds below it, however the values are spread', async () => {
    const random = randomStream(0, 'values');
    const drawn: readonly (() => number)[] = [
      () => random.normal(),
      // Nearly all bounds lie in a thousandth of the range.
      () => Math.exp(6 * random.normal()),
      () => Math.floor(3 * random.uniform(0, 1)),
      () => 7,
      () => (random.uniform(0, 1) < 0.01 ? 3e38 : -3e38 * random.uniform(0, 1)),
    ];
    const count = 3000;
    const values = Float32Array.from({ length: count * drawn.length }, (_, at) => drawn[at % drawn.length]!());
    const { words, bounds } = await binFeatures({ count, features: drawn.length, values }, () => Promise.resolve());
    for (const [feature, limits] of bounds.entries()) {
      for (let row = 0; row < count; row++) {
        const value = values[row * drawn.length + feature]!;
        const bin = (words[Math.floor(feature / 4)]![row]! >>> shiftOf(feature)) & 255;
        assert.equal(bin, limits.filter((bound) => bound < value).length, `feature ${feature}, value ${value}`);
      }
    }
    const [normal, skewed, three, one, wide] = bounds.map(({ length }) => length);
    assert.deepEqual([normal, skewed, three, one], [254, 254, 2, 0]);
    assert.ok(wide! > 200);
  });
});
