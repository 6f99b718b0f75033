import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { decodeModel, encodeModel } from '../../../../src/onnx/file.ts';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  SparseTensorProtoSchema,
  type ModelProto,
  type SparseTensorProto,
} from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { decodeTensor, encodeTensor } from '../../../../src/onnx/tensorProto.ts';
import { storedModel } from '../../../support/storedModel.ts';

/** [3, 2] with 5 at [0, 1] and 7 at [2, 0]. */
const DENSE = [0, 5, 0, 0, 7, 0];
const sparse = (indices: readonly number[], shape: readonly number[], values = [5, 7]): SparseTensorProto =>
  create(SparseTensorProtoSchema, {
    values: encodeTensor('w', floatTensor(values)),
    indices: encodeTensor('', intTensor(indices, shape)),
    dims: [3n, 2n],
  });

function model(weights: SparseTensorProto): ModelProto {
  const stored = storedModel(17, {
    inputs: { x: [1, 3] },
    nodes: [['MatMul', 'x w', 'y']],
    outputs: ['y'],
  });
  stored.graph!.sparseInitializer = [weights];
  return stored;
}

const weightsOf = ({ graph }: ModelProto): readonly number[] => {
  const stored = graph?.initializer.find(({ name }) => name === 'w');
  assert.ok(stored);
  const { shape, data } = decodeTensor(stored);
  assert.deepEqual(shape, [3, 2]);
  return Array.from(data, Number);
};

async function outputOf(bytes: Uint8Array): Promise<readonly number[]> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor('float32', [1, 10, 100], [1, 3]) });
  await session.release();
  return Array.from(y!.data as Float32Array);
}

describe('sparse weights', () => {
  for (const [how, weights] of [
    ['by their indices', sparse([0, 1, 2, 0], [2, 2])],
    ['by their places in memory', sparse([1, 4], [2])],
  ] as const) {
    it(`are read as any others: ${how}`, async () => {
      const bytes = encodeModel(model(weights));
      const read = decodeModel(bytes);
      assert.deepEqual(weightsOf(read), DENSE);
      assert.equal(read.graph?.sparseInitializer.length, 0);
      assert.deepEqual(await outputOf(encodeModel(read)), await outputOf(bytes));
    });
  }

  it('may have no number but zero', () => {
    assert.deepEqual(weightsOf(decodeModel(encodeModel(model(sparse([], [0], []))))), [0, 0, 0, 0, 0, 0]);
  });

  it('of constants are read, too', async () => {
    const stored = storedModel(17, {
      inputs: { x: [1, 3] },
      nodes: [
        ['Constant', '', 'w'],
        ['MatMul', 'x w', 'y'],
      ],
      outputs: ['y'],
    });
    stored.graph!.node[0]!.attribute = [
      create(AttributeProtoSchema, {
        name: 'sparse_value',
        type: AttributeProto_AttributeType.SPARSE_TENSOR,
        sparseTensor: sparse([1, 4], [2]),
      }),
    ];
    assert.deepEqual(await outputOf(encodeModel(decodeModel(encodeModel(stored)))), [700, 5]);
  });

  it('are refused where places and numbers do not fit', () => {
    for (const wrong of [sparse([1], [1]), sparse([1, 6], [2]), sparse([1, -1], [2]), sparse([0, 1, 2], [1, 3])]) {
      assert.throws(
        () => decodeModel(encodeModel(model(wrong))),
        /^DistilleryError: The model is damaged: the sparse tensor 'w' has 2 numbers, and not a place for each\.$/,
      );
    }
  });
});
