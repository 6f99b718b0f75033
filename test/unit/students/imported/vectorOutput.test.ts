import assert from 'node:assert/strict';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { int } from '../../../../src/onnx/graph.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor, type Dimension } from '../../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor } from '../../../../src/platform/onnxRuntime.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { vectorOutput } from '../../../../src/students/imported/vectorOutput.ts';
import type { OutputForm } from '../../../../src/students/networkForm.ts';
import { storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const form: OutputForm = { kind: 'logits', classes: 2 };

/** A classifier that is a convolution over maps of one pixel, as files of older programs are. */
function convolutional(end: readonly StoredNodeText[] = [], shape: readonly Dimension[] = ['n', 2, 1, 1]): ModelProto {
  const output = end.length > 0 ? 'p' : 'y';
  const model = storedModel(12, {
    inputs: { x: ['n', 3, 1, 1], [output]: shape },
    initializers: { w: floatTensor([1, -2, 3, 0.5, 4, -1], [2, 3, 1, 1]) },
    nodes: [['Conv', 'x w', 'y'], ...end],
    outputs: [],
  });
  // Declared as an input above, because only these are written with their shapes.
  const { graph } = model;
  if (graph) [graph.input, graph.output] = [graph.input.slice(0, 1), graph.input.slice(1)];
  return model;
}

async function give(model: ModelProto) {
  const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const name = session.outputNames[0] ?? '';
  const outputs = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2, 3, -1, 0.5, 2), [2, 3, 1, 1]) });
  await session.release();
  return { dims: [...(outputs[name]?.dims ?? [])], data: Array.from(outputs[name]?.data as Float32Array) };
}

describe('vectorOutput', () => {
  it('gives vectors of the same numbers, and tells', async () => {
    for (const end of [[], [['Softmax', 'y', 'p', { axis: int(1) }]], [['Sigmoid', 'y', 'p']]] as const) {
      const model = convolutional(end);
      const { model: changed, notes } = vectorOutput(model, form);
      const [before, after] = [await give(model), await give(changed)];
      assert.deepEqual(after, { dims: [2, 2], data: before.data });
      assert.match(notes.join(), /^The model's output '[yp]' is \[n, 2, 1, 1\]: it is written as vectors/);
    }
  });

  it('lets a softmax behind be seen, before which the network is trained', () => {
    const { model } = vectorOutput(convolutional([['Softmax', 'y', 'p', { axis: int(1) }]]), form);
    const { graph, ending } = importNetwork(model, { form });
    assert.equal(ending, 'Softmax');
    assert.deepEqual(graph.outputs[0]?.shape, ['n', 2]);
    assert.equal(graph.producer(graph.value('p.vectors'))?.operator, 'Flatten');
  });

  it('leaves other outputs as they are', () => {
    const maps = convolutional([], ['n', 2, 4, 4]);
    assert.deepEqual(vectorOutput(maps, form), { model: maps, notes: [] });
    const vectors = convolutional([['Flatten', 'y', 'p']], ['n', 2]);
    assert.deepEqual(vectorOutput(vectors, form), { model: vectors, notes: [] });
    const images = convolutional();
    assert.deepEqual(vectorOutput(images, { kind: 'values', shape: [2, 1, 1] }), { model: images, notes: [] });
  });
});
