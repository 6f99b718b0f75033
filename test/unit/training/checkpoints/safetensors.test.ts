import assert from 'node:assert/strict';
import { floatTensor, type FloatTensor } from '../../../../src/onnx/tensor.ts';
import { decodeTensors, encodeTensors } from '../../../../src/training/checkpoints/safetensors.ts';

const tensors = new Map<string, FloatTensor>([
  ['parameters', floatTensor([1.5, -0, NaN, Infinity, 1e-45, 3], [2, 3])],
  ['scalar', floatTensor(7)],
  ['empty', floatTensor([], [0])],
]);
const metadata = { step: '12', ü: '"quoted"' };

describe('safetensors', () => {
  it('keeps every bit of the tensors, their shapes and the metadata', () => {
    const decoded = decodeTensors(encodeTensors({ tensors, metadata }), 'x');
    assert.deepEqual(decoded, { tensors, metadata });
    assert.ok(Object.is(decoded.tensors.get('parameters')!.data[1], -0));
  });

  it('lays the file out as the format says', () => {
    const file = encodeTensors({ tensors, metadata });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    assert.equal(length % 8, 0);
    const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    assert.deepEqual(header, {
      __metadata__: metadata,
      parameters: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      scalar: { dtype: 'F32', shape: [], data_offsets: [24, 28] },
      empty: { dtype: 'F32', shape: [0], data_offsets: [28, 28] },
    });
    assert.equal(file.length, 8 + length + 28);
    assert.equal(new DataView(file.buffer, 8 + length).getFloat32(24, true), 7);
  });

  it('reads a file that lies in the middle of a buffer', () => {
    const file = encodeTensors({ tensors, metadata });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    assert.deepEqual(decodeTensors(shifted.subarray(3), 'x').tensors, tensors);
    assert.deepEqual(decodeTensors(Buffer.from(file), 'x').tensors, tensors);
  });

  it('refuses a file that was cut off anywhere, or that is something else', () => {
    const file = encodeTensors({ tensors, metadata });
    for (let length = 0; length < file.length; length++) {
      assert.throws(() => decodeTensors(file.subarray(0, length), 'a.bin'), /'a\.bin' is damaged/, `cut at ${length}`);
    }
    const other = new TextEncoder().encode('No such file, but a text that is long enough.');
    assert.throws(() => decodeTensors(other, 'a.bin'), /'a\.bin' is damaged/);
  });
});
