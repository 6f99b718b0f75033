import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from '../../../src/platform/onnxRuntime.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { addToLogits } from '../../../src/students/addToLogits.ts';
import { storedModel } from '../../support/storedModel.ts';

async function logitsOf(model: ModelProto): Promise<number[]> {
  const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1 });
  try {
    const results = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [1, 2]) });
    return [...(results['y']!.data as Float32Array)];
  } finally {
    await session.release();
  }
}

const weight = floatTensor([1, 0, 0, 1], [2, 2]);
const offsets = Float32Array.of(0, 10);

describe('adding to logits', () => {
  it('changes the bias of the last layer, and no node', async () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 2] },
      initializers: { weight, bias: floatTensor([5, 6]) },
      nodes: [['Gemm', 'x weight bias', 'y']],
      outputs: ['y'],
    });
    const changed = addToLogits(model, 'y', offsets);
    assert.equal(changed.graph?.node.length, 1);
    assert.deepEqual(await logitsOf(changed), [6, 18]);
    assert.deepEqual(await logitsOf(model), [6, 8], 'the model itself stays as it is');
  });

  it('adds a node where there is no bias of its own', async () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 2] },
      initializers: { weight },
      nodes: [['MatMul', 'x weight', 'y']],
      outputs: ['y'],
    });
    assert.deepEqual(await logitsOf(addToLogits(model, 'y', offsets)), [1, 12]);
  });
});
