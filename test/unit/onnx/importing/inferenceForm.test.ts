import assert from 'node:assert/strict';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { inferenceForm } from '../../../../src/onnx/importing/inferenceForm.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor as RuntimeTensor } from '../../../../src/platform/onnxRuntime.ts';
import { openForTraining } from '../../../../src/students/imported/openForTraining.ts';
import { storedModel } from '../../../support/storedModel.ts';

const initializers = {
  ...{ scale: floatTensor([1, 2]), bias: floatTensor([0.5, 1]), mean: floatTensor([0.1, 0.2]) },
  ...{ variance: floatTensor([0.5, 2]), ratio: floatTensor([0.5], []) },
};

/** As PyTorch writes `training=TrainingMode.TRAINING` before and after operator set 14. */
function exportedAsItTrains(opset: number): ModelProto {
  const isTrue: Tensor = { type: 'bool', shape: [], data: Uint8Array.of(1) };
  const mode = opset < 14 ? {} : { training_mode: int(1) };
  return storedModel(opset, {
    inputs: { x: ['n', 2] },
    initializers: { ...initializers, isTrue },
    nodes: [
      ['BatchNormalization', 'x scale bias mean variance', opset < 14 ? 'b m v s t' : 'b m v', mode],
      ['Dropout', opset < 12 ? 'b' : 'b ratio isTrue', 'y'],
    ],
    outputs: ['y'],
  });
}

async function outputs(model: ModelProto): Promise<number[]> {
  const session = await InferenceSession.create(encodeModel(model), { logSeverityLevel: 4 });
  try {
    const { y } = await session.run({ x: new RuntimeTensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]) });
    return Array.from(y?.data as Float32Array, (value) => Number(value.toFixed(4)));
  } finally {
    await session.release();
  }
}

/** (x − mean) / √(variance + ε) · scale + bias */
const expected = [1, 2, 3, 4].map((value, index) => {
  const [mean, variance, scale, bias] = index % 2 === 0 ? [0.1, 0.5, 1, 0.5] : [0.2, 2, 2, 1];
  return Number((((value - mean) / Math.sqrt(variance + 1e-5)) * scale + bias).toFixed(4));
});

describe('inferenceForm', () => {
  for (const opset of [9, 12, 13, 15, 20]) {
    it(`predicts with the statistics of the file, which was exported as it trains in operator set ${opset}`, async () => {
      const model = exportedAsItTrains(opset);
      assert.deepEqual(await outputs(inferenceForm(model)), expected);
      assert.deepEqual(await outputs(exportModel(importGraph(model), { name: 'g' })), expected);
      const opened = openForTraining(model, [2], {});
      assert.deepEqual(await outputs(opened.model), expected, 'what is written');
      assert.match(opened.notes.join(), /was exported as it trains/);
    });
  }

  it('leaves others as they are', () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 2] },
      initializers,
      nodes: [
        ['BatchNormalization', 'x scale bias mean variance', 'b'],
        ['Dropout', 'b ratio', 'y'],
      ],
      outputs: ['y'],
    });
    assert.equal(inferenceForm(model), model);
  });
});
