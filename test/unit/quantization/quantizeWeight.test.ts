import assert from 'node:assert/strict';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { quantizeWeight } from '../../../src/quantization/quantizeWeight.ts';

const weight = (values: number[], shape: number[]) => {
  const { data } = floatTensor(values);
  return { type: 'float32', shape, data } as const;
};

describe('quantizeWeight', () => {
  it('gives every channel its own scale, along any axis', () => {
    const rows = quantizeWeight(weight([1, -2, 100, 50], [2, 2]), 0);
    assert.deepEqual([...rows.integers.data], [64, -127, 127, 64]);
    assert.deepEqual([...rows.scales], [Math.fround(2 / 127), Math.fround(100 / 127)]);
    const columns = quantizeWeight(weight([1, -2, 100, 50], [2, 2]), 1);
    assert.deepEqual([...columns.integers.data], [1, -5, 127, 127]);
  });

  it('takes 7 bits where sums of two products have to fit 16', () => {
    const { integers, scales } = quantizeWeight(weight([1, -2, 0.5, 0.25], [2, 2]), 0, { bits: 7 });
    assert.deepEqual([...integers.data], [32, -64, 64, 32]);
    assert.deepEqual([...scales], [Math.fround(2 / 64), Math.fround(0.5 / 64)]);
    assert.ok(2 * 255 * Math.max(...integers.data) < 2 ** 15);
  });

  it('is off by half a step at most', () => {
    const values = Array.from({ length: 60 }, (_, index) => Math.sin(index * 7.3) * (1 + (index % 3)));
    const { integers, scales } = quantizeWeight(weight(values, [3, 20]), 0);
    values.forEach((value, index) => {
      const scale = scales[Math.floor(index / 20)]!;
      assert.ok(Math.abs(integers.data[index]! * scale - value) <= scale / 2 + 1e-6);
    });
  });

  it('keeps a channel of zeros, and scales that are given as the least', () => {
    const { integers, scales } = quantizeWeight(weight([0, 0, 1, 1], [2, 2]), 0, { smallest: Float32Array.of(0, 0.5) });
    assert.deepEqual([...integers.data], [0, 0, 2, 2]);
    assert.deepEqual([...scales], [1, 0.5]);
  });
});
