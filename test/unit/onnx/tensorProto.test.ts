import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../../src/errors.ts';
import { TensorProtoSchema } from '../../../src/onnx/onnx_pb.ts';
import { toNumbers, type Tensor } from '../../../src/onnx/tensor.ts';
import { decodeTensor, encodeTensor } from '../../../src/onnx/tensorProto.ts';

const tensors: readonly Tensor[] = [
  { type: 'float32', shape: [2], data: Float32Array.of(1.5, -0) },
  { type: 'float64', shape: [2], data: Float64Array.of(Math.PI, NaN) },
  { type: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) },
  { type: 'int64', shape: [2, 1], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  { type: 'uint64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  { type: 'int32', shape: [2], data: Int32Array.of(-(2 ** 31), 5) },
  { type: 'uint32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
  { type: 'int16', shape: [1], data: Int16Array.of(-300) },
  { type: 'uint16', shape: [1], data: Uint16Array.of(65_535) },
  { type: 'int8', shape: [1], data: Int8Array.of(-128) },
  { type: 'uint8', shape: [1], data: Uint8Array.of(255) },
  { type: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
  { type: 'string', shape: [2], data: ['größer', ''] },
  { type: 'float32', shape: [], data: Float32Array.of(7) },
  { type: 'float32', shape: [0, 3], data: new Float32Array() },
];

describe('stored tensors', () => {
  for (const tensor of tensors) {
    it(`keep ${tensor.type} [${tensor.shape.join(', ')}]`, () => {
      assert.deepEqual(decodeTensor(encodeTensor('t', tensor)), tensor);
    });
  }

  it('are read from typed fields, too', () => {
    const read = (fields: Parameters<typeof create<typeof TensorProtoSchema>>[1]) =>
      toNumbers(decodeTensor(create(TensorProtoSchema, { dims: [2n], ...fields })));
    assert.deepEqual(read({ dataType: 1, floatData: [1.5, 2] }), [1.5, 2]);
    assert.deepEqual(read({ dataType: 11, doubleData: [1.5, 2] }), [1.5, 2]);
    assert.deepEqual(read({ dataType: 7, int64Data: [-1n, 2n] }), [-1, 2]);
    assert.deepEqual(read({ dataType: 6, int32Data: [-1, 2] }), [-1, 2]);
    assert.deepEqual(read({ dataType: 9, int32Data: [1, 0] }), [1, 0]);
    assert.deepEqual(read({ dataType: 3, int32Data: [-1, 2] }), [-1, 2]);
    assert.deepEqual(read({ dataType: 12, uint64Data: [4n, 2n] }), [4, 2]);
    assert.deepEqual(read({ dataType: 10, int32Data: [0x3c00, 0x4000] }), [1, 2]);
  });

  it('are read where their bytes do not lie on a multiple of their size', () => {
    const bytes = Buffer.alloc(13);
    bytes.writeFloatLE(1.5, 1);
    bytes.writeFloatLE(-2, 5);
    const proto = create(TensorProtoSchema, { dims: [2n], dataType: 1, rawData: bytes.subarray(1, 9) });
    assert.deepEqual(decodeTensor(proto).data, Float32Array.of(1.5, -2));
  });

  it('are refused with types that are not supported or mean nothing, by name', () => {
    const tensor = (dataType: number) => create(TensorProtoSchema, { name: 'w', dataType, rawData: new Uint8Array(2) });
    assert.throws(() => decodeTensor(tensor(16)), /'w' has element type bfloat16/);
    assert.throws(() => decodeTensor(tensor(99)), DistilleryError);
    assert.throws(() => decodeTensor(tensor(0)), /no valid element type \(0\)/);
  });
});
