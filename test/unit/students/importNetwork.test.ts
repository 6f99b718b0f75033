import assert from 'node:assert/strict';
import { BadInputError } from '../../../src/errors.ts';
import { loadModel } from '../../../src/onnx/file.ts';
import { int, ints } from '../../../src/onnx/graph.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { decodeTensor } from '../../../src/onnx/tensorProto.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { selectWeights } from '../../../src/students/selectWeights.ts';
import { randomStream } from '../../../src/data/random.ts';
import { trainBriefly } from '../../support/briefTraining.ts';
import { requireShared } from '../../support/shared.ts';
import { storedModel } from '../../support/storedModel.ts';

const random = randomStream(0, 'weights');
const weight = (...shape: number[]) =>
  floatTensor(
    Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal() / 3),
    shape,
  );

/** Opset 13: a normalised input, a convolution with unfolded normalisation, a dense layer in a `Constant`, softmax. */
const small = (): ModelProto =>
  storedModel(13, {
    inputs: { image: ['n', 2, 6, 6] },
    initializers: {
      mean: floatTensor([0.5]),
      kernel: weight(4, 2, 3, 3),
      scale: floatTensor([1, 1, 1, 1]),
      shift: floatTensor([0, 0, 0, 0]),
      'running.mean': floatTensor([0, 0, 0, 0]),
      'running.variance': floatTensor([1, 1, 1, 1]),
      low: floatTensor(0),
      bias: floatTensor([0, 0, 0]),
      unread: weight(3, 3),
    },
    nodes: [
      ['Constant', '', 'half', { value: { kind: 'tensor', value: floatTensor([0.5, 0.5], [1, 2, 1, 1]) } }],
      ['Constant', '', 'dense', { value: { kind: 'tensor', value: weight(16, 3) } }],
      ['Sub', 'image mean', 'centred'],
      ['Mul', 'centred half', 'scaled'],
      ['Conv', 'scaled kernel', 'convolved', { kernel_shape: ints([3, 3]), strides: ints([2, 2]) }],
      ['BatchNormalization', 'convolved scale shift running.mean running.variance', 'normalised'],
      ['Clip', 'normalised low', 'clipped'],
      ['Flatten', 'clipped', 'flat', { axis: int(1) }],
      ['MatMul', 'flat dense', 'product'],
      ['Add', 'product bias', 'logits'],
      ['Softmax', 'logits', 'probabilities', { axis: int(-1) }],
    ],
    outputs: ['probabilities'],
  });

const weightsIn = (model: ModelProto) =>
  new Map(model.graph!.initializer.map((stored) => [stored.name, decodeTensor(stored).data]));

describe('a network from a file', () => {
  it('takes the parameters of layers for weights, and constants of formulas for what they are', () => {
    const { graph, weights } = importNetwork(small());
    assert.deepEqual([...weights].sort(), ['bias', 'dense', 'kernel', 'scale', 'shift']);
    assert.deepEqual(
      graph.outputs.map(({ name }) => name),
      ['logits'],
    );
  });

  it('does not take the vectors for weights that estimate a spectral norm', () => {
    const { weights } = importNetwork(
      storedModel(17, {
        inputs: { x: ['n', 4] },
        initializers: { w: weight(3, 4), u: weight(3), v: weight(4), g: weight(3, 1) },
        nodes: [
          ['Identity', 'v', 'copy'],
          ['MatMul', 'w copy', 'product'],
          ['MatMul', 'u product', 'norm'],
          ['Div', 'w norm', 'unit'],
          ['Mul', 'unit g', 'scaled'],
          ['Gemm', 'x scaled', 'y', { transB: int(1) }],
        ],
        outputs: ['y'],
      }),
    );
    assert.deepEqual([...weights].sort(), ['g', 'w']);
  });

  it('is trained and written back as the same model with other weights', async () => {
    const original = small();
    const { graph, weights } = importNetwork(original);
    const trainable = selectWeights(graph, weights, {});
    // The file gives probabilities where training sees logits.
    const withLogits = storedModelWithLogits(original);
    const trained = await trainBriefly({
      network: { graph, trainable, source: withLogits },
      sampleShape: [2, 6, 6],
      classes: 3,
      epochs: 6,
      learningRate: 0.02,
    });
    const before = weightsIn(withLogits);
    const after = weightsIn(trained);
    for (const name of ['kernel', 'scale', 'running.mean', 'bias']) {
      assert.notDeepEqual(after.get(name), before.get(name), name);
    }
    for (const name of ['mean', 'low', 'unread']) assert.deepEqual(after.get(name), before.get(name), name);
    assert.deepEqual(trained.opsetImport, original.opsetImport);
    assert.deepEqual(
      trained.graph!.node.map(({ name, opType }) => [name, opType]),
      withLogits.graph!.node.map(({ name, opType }) => [name, opType]),
    );
    assert.deepEqual(
      trained.metadataProps.map(({ key, value }) => [key, value]),
      [['distillery.run', 'test']],
    );
  });

  it('keeps frozen weights, and the statistics of a frozen normalisation', async () => {
    const source = storedModelWithLogits(small());
    const { graph, weights } = importNetwork(source);
    const trainable = selectWeights(graph, weights, { freeze: ['kernel', 'node5'] });
    assert.deepEqual([...trainable].sort(), ['bias', 'dense']);
    const network = { graph, trainable, source };
    const trained = await trainBriefly({ network, sampleShape: [2, 6, 6], classes: 3, epochs: 6, learningRate: 0.02 });
    const [before, after] = [weightsIn(source), weightsIn(trained)];
    const changed = [...after.keys()].filter((name) => String(after.get(name)) !== String(before.get(name)));
    assert.deepEqual(changed, ['bias']);
  });

  it('takes flat vectors where the samples are images', async () => {
    const source = storedModel(17, {
      inputs: { pixels: ['n', 16] },
      initializers: { w: weight(16, 2), b: floatTensor([0, 0]) },
      nodes: [['Gemm', 'pixels w b', 'scores']],
      outputs: ['scores'],
    });
    const { graph, weights } = importNetwork(source);
    const network = { graph, trainable: new Set(weights), source };
    await trainBriefly({ network, sampleShape: [1, 4, 4], classes: 2, learningRate: 0.05 });
  });

  it('refuses patterns that match nothing, and to train nothing', () => {
    const { graph, weights } = importNetwork(small());
    const problems = (selection: Parameters<typeof selectWeights>[2]) => {
      try {
        selectWeights(graph, weights, selection);
      } catch (error) {
        assert.ok(error instanceof BadInputError);
        return error.problems.map(({ where, message }) => `${where}: ${message}`);
      }
      return assert.fail('nothing was refused');
    };
    assert.deepEqual(problems({ train: ['dense', 'layer4.*'], freeze: ['k?rne'] }), [
      "train[1]: 'layer4.*' matches no weight and no node of the model.",
      "freeze[0]: 'k?rne' matches no weight and no node of the model.",
    ]);
    assert.deepEqual(problems({ freeze: ['*'] }), ['freeze: Every weight is frozen, so nothing would be trained.']);
  });

  it('finds the weights of real models', async function () {
    const mlp = importNetwork((await loadModel(requireShared(this, 'models/mnist-mlp-1200.onnx'))).proto);
    assert.equal(mlp.weights.length, 6);
    const resnet = importNetwork((await loadModel(requireShared(this, 'models/cifar10-resnet14.onnx'))).proto);
    assert.equal(selectWeights(resnet.graph, resnet.weights, { train: ['*Gemm*'] }).size, 2);
  });
});

/** The same model without its last node, so that what it gives can be compared with the logits of training. */
function storedModelWithLogits(model: ModelProto): ModelProto {
  const { graph } = model;
  assert.ok(graph);
  graph.node.pop();
  graph.output[0]!.name = 'logits';
  return model;
}
