import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { decodeFloat16Array, encodeFloat16Array } from '../../../src/onnx/float16.ts';

/** Every finite number of binary16 that is not negative, ascending. */
const numbers = decodeFloat16Array(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits));

describe('float16', () => {
  it('keeps every number that it has', () => {
    const bits = Uint16Array.from({ length: 2 ** 16 }, (_, index) => index).filter(
      (half) => (half & 0x7c00) !== 0x7c00,
    );
    assert.deepEqual(encodeFloat16Array(decodeFloat16Array(bits)), bits);
    assert.equal(decodeFloat16Array(Uint16Array.of(0x3c00, 0xc000, 0x0001))[2], 2 ** -24);
  });

  it('rounds to the nearest, ties to even, at every size', () => {
    const random = randomStream(0, 'halves');
    for (let index = 0; index + 1 < numbers.length; index += 7) {
      const [low = 0, high = 0] = [numbers[index], numbers[index + 1]];
      const between = Math.fround(low + (high - low) * (0.01 + 0.98 * random.uniform()));
      const isNearLow = between - low < high - between || (between - low === high - between && index % 2 === 0);
      const expected = isNearLow ? low : high;
      assert.equal(decodeFloat16Array(encodeFloat16Array(Float32Array.of(between)))[0], expected, String(between));
      const middle = encodeFloat16Array(Float32Array.of((low + high) / 2))[0] ?? NaN;
      assert.equal(middle, index % 2 === 0 ? index : index + 1);
    }
  });

  it('takes the nearest finite number for what is too large, and keeps NaN', () => {
    const halves = encodeFloat16Array(Float32Array.of(1e9, -Infinity, 65519, NaN));
    assert.deepEqual([...decodeFloat16Array(halves)], [65504, -65504, 65504, NaN]);
  });
});
