import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { countMacs, countParameters } from '../../../../src/onnx/cost/cost.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { loadModel } from '../../../../src/onnx/file.ts';
import { int, ints, text } from '../../../../src/onnx/graph.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import { buildStudent, type Architecture } from '../../../../src/students/buildStudent.ts';
import { importNetwork, type ImportedNetwork } from '../../../../src/students/importNetwork.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { shrinkNetwork } from '../../../../src/students/shrink/shrinkNetwork.ts';
import { trainBriefly } from '../../../support/briefTraining.ts';
import { requireShared } from '../../../support/shared.ts';
import { storedModel, type StoredGraphOptions } from '../../../support/storedModel.ts';

const random = randomStream(0, 'weights');
const weight = (...shape: number[]) =>
  floatTensor(
    Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal() / 3),
    shape,
  );

const imported = (architecture: Architecture, sampleShape: readonly number[]): ImportedNetwork =>
  importNetwork(
    exportModel(buildStudent(architecture, classifierForm(sampleShape, 3), randomStream(0, 'teacher')), {
      name: 'teacher',
    }),
  );

const stored = (model: StoredGraphOptions): ImportedNetwork => importNetwork(storedModel(17, model));

const shapesOf = ({ graph }: ImportedNetwork) =>
  Object.fromEntries(
    [...graph.initializers].flatMap(([name, { type, shape }]) => (type === 'float32' ? [[name, shape]] : [])),
  );

const train = (network: ImportedNetwork, sampleShape: readonly number[]) =>
  trainBriefly({
    network: { graph: network.graph, trainable: new Set(network.weights) },
    sampleShape,
    classes: 3,
    epochs: 10,
    learningRate: 0.005,
  });

describe('shrinkNetwork', () => {
  it('keeps the channels of the largest L1 norms, with the weights that read them', () => {
    const small = stored({
      inputs: { x: ['n', 2] },
      initializers: {
        // Columns of norm 1, 4, 0, 2.
        first: floatTensor([1, -2, 0, 1, 0, 2, 0, -1], [2, 4]),
        bias: floatTensor([10, 20, 30, 40]),
        second: floatTensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 4]),
      },
      nodes: [
        ['MatMul', 'x first', 'product'],
        ['Add', 'product bias', 'hidden'],
        ['Relu', 'hidden', 'active'],
        ['Gemm', 'active second', 'y', { transB: int(1) }],
      ],
      outputs: ['y'],
    });
    const { initializers } = shrinkNetwork(small, 0.5).graph;
    assert.deepEqual(initializers.get('first'), floatTensor([-2, 1, 2, -1], [2, 2]));
    assert.deepEqual(initializers.get('bias'), floatTensor([20, 40]));
    assert.deepEqual(initializers.get('second'), floatTensor([2, 4, 6, 8], [2, 2]));
  });

  it('follows channels through flattening, in the order of the flat vector', () => {
    const network = stored({
      inputs: { x: ['n', 1, 3, 3] },
      initializers: {
        kernel: floatTensor([1, 1, 1, 1, 9, 9, 9, 9], [2, 1, 2, 2]),
        dense: floatTensor(
          Float32Array.from({ length: 16 }, (_, index) => index),
          [8, 2],
        ),
        shape: intTensor([-1, 8]),
      },
      nodes: [
        ['Conv', 'x kernel', 'map'],
        ['Reshape', 'map shape', 'flat'],
        ['MatMul', 'flat dense', 'y'],
      ],
      outputs: ['y'],
    });
    const { initializers } = shrinkNetwork(network, 0.5).graph;
    assert.deepEqual(initializers.get('dense'), floatTensor([8, 9, 10, 11, 12, 13, 14, 15], [4, 2]));
  });

  it('keeps the same channels on both sides of an addition, and all of a network that adds its input', () => {
    const blocks = (adds: readonly (readonly [string, string, string])[]): StoredGraphOptions => ({
      inputs: { x: ['n', 4, 5, 5] },
      initializers: { a: weight(4, 4, 1, 1), b: weight(4, 4, 1, 1), w: weight(4, 3) },
      nodes: [
        ['Conv', 'x a', 'first'],
        ['Conv', 'first b', 'second'],
        ...adds,
        ['GlobalAveragePool', 'sum', 'pooled'],
        ['Flatten', 'pooled', 'flat'],
        ['MatMul', 'flat w', 'y'],
      ],
      outputs: ['y'],
    });
    const tied = shrinkNetwork(stored(blocks([['Add', 'first second', 'sum']])), 0.5);
    assert.deepEqual(shapesOf(tied), { a: [2, 4, 1, 1], b: [2, 2, 1, 1], w: [2, 3] });
    const fixed = shrinkNetwork(stored(blocks([['Add', 'x second', 'sum']])), 0.5);
    assert.deepEqual(shapesOf(fixed), { a: [2, 4, 1, 1], b: [4, 2, 1, 1], w: [4, 3] });
  });

  it('follows concatenations, squeeze and excitation, and convolutions in groups', async () => {
    const network = (groups: number): ImportedNetwork =>
      stored({
        inputs: { x: ['n', 3, 8, 8] },
        initializers: {
          a: weight(4, 3, 1, 1),
          b: weight(6, 4, 3, 3),
          squeeze: weight(2, 6, 1, 1),
          excite: weight(6, 2, 1, 1),
          last: weight(8, 10 / groups, 1, 1),
          dense: weight(512, 3),
        },
        nodes: [
          ['Conv', 'x a', 'narrow'],
          ['Conv', 'narrow b', 'wide', { auto_pad: text('SAME_UPPER') }],
          ['ReduceMean', 'wide', 'means', { axes: ints([2, 3]), keepdims: int(1) }],
          ['Conv', 'means squeeze', 'few'],
          ['Relu', 'few', 'active'],
          ['Conv', 'active excite', 'gates'],
          ['Sigmoid', 'gates', 'open'],
          ['Mul', 'wide open', 'gated'],
          ['Concat', 'narrow gated', 'both', { axis: int(1) }],
          ['Conv', 'both last', 'map', { group: int(groups) }],
          ['Flatten', 'map', 'flat'],
          ['MatMul', 'flat dense', 'y'],
        ],
        outputs: ['y'],
      });
    const narrow = shrinkNetwork(network(1), 0.5);
    assert.deepEqual(shapesOf(narrow), {
      a: [2, 3, 1, 1],
      b: [3, 2, 3, 3],
      squeeze: [1, 3, 1, 1],
      excite: [3, 1, 1, 1],
      last: [4, 5, 1, 1],
      dense: [256, 3],
    });
    await train(narrow, [3, 8, 8]);
    // The channels at the same place of both groups of five are kept or dropped together.
    const grouped = shrinkNetwork(network(2), 0.5);
    assert.deepEqual(shapesOf(grouped), {
      a: [2, 3, 1, 1],
      b: [4, 2, 3, 3],
      squeeze: [1, 4, 1, 1],
      excite: [4, 1, 1, 1],
      last: [4, 3, 1, 1],
      dense: [256, 3],
    });
    await train(grouped, [3, 8, 8]);
  });

  const sampleShape = [3, 8, 8];
  const architectures: readonly (readonly [string, Architecture, readonly [number, number]])[] = [
    ['an MLP', { architecture: 'mlp', hidden: [32, 16] }, [0.4, 0.6]],
    ['a convnet', { architecture: 'convnet', channels: [16, 16], hidden: [16], batchNormalization: true }, [0.2, 0.4]],
    ['a ResNet', { architecture: 'resnet', depth: 8, width: 0.5 }, [0.2, 0.3]],
    ['a MobileNetV2', { architecture: 'mobilenetv2', width: 0.25 }, [0.2, 0.4]],
  ];
  for (const [name, architecture, [least, most]] of architectures) {
    it(`shrinks ${name}, which trains and exports`, async () => {
      const teacher = imported(architecture, sampleShape);
      const student = shrinkNetwork(teacher, 0.5);
      const ratio = countParameters(student.graph) / countParameters(teacher.graph);
      assert.ok(ratio > least && ratio < most, `${ratio} of the parameters remain`);
      assert.ok(countMacs(student.graph) < 0.7 * countMacs(teacher.graph));
      await train(student, sampleShape);
    });
  }

  it('narrows one-dimensional convolutions, recurrent units of both directions, and what is normalised over channels', async () => {
    const network = stored({
      inputs: { x: ['n', 3, 8] },
      initializers: {
        kernel: weight(8, 3, 3),
        ...{ scale: weight(8), shift: weight(8), w: weight(2, 16, 8), r: weight(2, 16, 4), b: weight(2, 32) },
        ...{ dense: weight(64, 3), zero: floatTensor([0], []), eight: intTensor([8]), flat: intTensor([0, 0, -1]) },
        ...{ two: intTensor([2]), four: intTensor([4]), first: intTensor(0), front: intTensor([0]) },
      },
      nodes: [
        // What `bias=False` becomes in today's exports.
        ['CastLike', 'zero x', 'none'],
        ['Expand', 'none eight', 'bias'],
        ['Conv', 'x kernel bias', 'map', { pads: ints([1, 1]) }],
        ['Transpose', 'map', 'steps', { perm: ints([2, 0, 1]) }],
        ['LayerNormalization', 'steps scale shift', 'normal'],
        // States of zeros, made for the batch.
        ['Shape', 'x', 'shape'],
        ['Gather', 'shape front', 'batch', { axis: int(0) }],
        ['Concat', 'two batch four', 'sizes', { axis: int(0) }],
        ['ConstantOfShape', 'sizes', 'begin'],
        ['LSTM', 'normal w r b - begin begin', 'all', { hidden_size: int(4), direction: text('bidirectional') }],
        ['Transpose', 'all', 'turned', { perm: ints([2, 0, 1, 3]) }],
        ['Reshape', 'turned flat', 'joined'],
        ['Flatten', 'joined', 'vector'],
        ['MatMul', 'vector dense', 'y'],
      ],
      outputs: ['y'],
    });
    const narrow = shrinkNetwork(network, 0.5);
    const { kernel, scale, w, r, b, dense } = shapesOf(narrow);
    assert.deepEqual([kernel, scale, w, r, b, dense], [[4, 3, 3], [4], [2, 8, 4], [2, 8, 2], [2, 16], [32, 3]]);
    assert.deepEqual(narrow.notes, []);
    await train(narrow, [3, 8]);
  });

  it('follows channels through what the optimiser of ONNX Runtime writes: norms by root mean squares, gates, products', () => {
    const model = storedModel(17, {
      inputs: { x: ['n', 4] },
      initializers: { first: weight(4, 8), scale: weight(8), second: weight(8, 6), last: weight(6, 3) },
      nodes: [
        ['MatMul', 'x first', 'hidden'],
        ['SimplifiedLayerNormalization', 'hidden scale', 'normal'],
        ['QuickGelu', 'normal', 'gated'],
        ['FusedMatMul', 'gated second', 'inner'],
        ['Gemm', 'inner last', 'y'],
      ],
      outputs: ['y'],
    });
    for (const node of model.graph?.node ?? []) {
      if (['QuickGelu', 'FusedMatMul'].includes(node.opType)) node.domain = 'com.microsoft';
    }
    const narrow = shrinkNetwork(importNetwork(model), 0.5);
    assert.deepEqual(shapesOf(narrow), { first: [4, 4], scale: [4], second: [4, 3], last: [3, 3] });
    assert.deepEqual(narrow.notes, []);
  });

  it('narrows the layers beside what it cannot follow, and tells what stays as wide as it is', async () => {
    const network = stored({
      inputs: { x: ['n', 4, 6] },
      initializers: {
        ...{ q: weight(6, 6), k: weight(6, 6), up: weight(6, 16), down: weight(16, 6), last: weight(6, 3) },
        last2: intTensor(2),
      },
      nodes: [
        ['MatMul', 'x q', 'queries'],
        ['CumSum', 'queries last2', 'mixed'],
        ['MatMul', 'mixed k', 'attended'],
        ['Gelu', 'attended', 'active'],
        ['MatMul', 'active up', 'wide'],
        ['Relu', 'wide', 'positive'],
        ['MatMul', 'positive down', 'narrow'],
        ['ReduceMean', 'narrow', 'mean', { axes: ints([1]), keepdims: int(0) }],
        ['MatMul', 'mean last', 'y'],
      ],
      outputs: ['y'],
    });
    const shrunk = shrinkNetwork(network, 0.5);
    const { q, k, up, down, last } = shapesOf(shrunk);
    assert.deepEqual(
      [q, k, up, down, last],
      [
        [6, 6],
        [6, 3],
        [3, 8],
        [8, 3],
        [3, 3],
      ],
    );
    assert.match(
      shrunk.notes.join(),
      /^3 of 5 layers are narrowed\. What is read by node 'node1' \(CumSum\) stays as wide/,
    );
    await trainBriefly({
      network: { graph: shrunk.graph, trainable: new Set(shrunk.weights) },
      sampleShape: [4, 6],
      classes: 3,
      epochs: 10,
      learningRate: 0.03,
    });
  });

  it('shrinks real teachers', async function () {
    const read = async (name: string) =>
      importNetwork((await loadModel(requireShared(this, `models/${name}.onnx`))).proto);
    const mlp = await read('mnist-mlp-1200');
    assert.equal(countParameters(shrinkNetwork(mlp, 0.5).graph), 784 * 600 + 600 + 600 * 600 + 600 + 6000 + 10);
    const resnet = shrinkNetwork(await read('cifar10-resnet14'), 0.5);
    assert.deepEqual(resnet.graph.outputs[0]?.shape.at(-1), 10);
    await trainBriefly({
      network: { graph: resnet.graph, trainable: new Set(resnet.weights) },
      sampleShape: [3, 32, 32],
      classes: 10,
    });
  });

  it('leaves each layer a share of its own, and names the layers where their number is another', () => {
    const network = stored({
      inputs: { x: ['n', 4] },
      initializers: { a: weight(4, 8), b: weight(8, 6), c: weight(6, 3) },
      nodes: [
        ['MatMul', 'x a', 'first'],
        ['Relu', 'first', 'second'],
        ['MatMul', 'second b', 'third'],
        ['Relu', 'third', 'fourth'],
        ['MatMul', 'fourth c', 'y'],
      ],
      outputs: ['y'],
    });
    const { initializers } = shrinkNetwork(network, [0.25, 1]).graph;
    assert.deepEqual(
      [initializers.get('a')?.shape, initializers.get('b')?.shape],
      [
        [4, 2],
        [2, 6],
      ],
    );
    assert.throws(() => shrinkNetwork(network, [0.5, 0.5, 0.5]), {
      code: 'BAD_INPUT',
      message: '3 shares are named, but there are 2 layers whose channels can be dropped.',
      hint: "In their order: 'first', 'third'.",
    });
  });

  it('refuses what it cannot follow, naming the node, and networks without inner channels', () => {
    const nodes = [
      ['MatMul', 'x w', 'hidden'],
      ['Transpose', 'hidden', 'turned', { perm: ints([1, 0]) }],
      ['CumSum', 'turned axis', 'summed'],
      ['Transpose', 'summed', 'back', { perm: ints([1, 0]) }],
      ['MatMul', 'back v', 'y'],
    ] as const;
    const initializers = { w: weight(4, 6), v: weight(6, 3), axis: intTensor(0) };
    assert.throws(() => shrinkNetwork(stored({ inputs: { x: ['n', 4] }, initializers, nodes, outputs: ['y'] }), 0.5), {
      code: 'UNSUPPORTED',
      message: /cannot be followed through node 'node2' \(CumSum\)/,
    });
    const linear = stored({
      inputs: { x: ['n', 4] },
      initializers: { w: weight(4, 3) },
      nodes: [['MatMul', 'x w', 'y']],
      outputs: ['y'],
    });
    assert.throws(() => shrinkNetwork(linear, 0.5), /no channels that could be dropped/);
  });

  it('leaves as wide as it is what a Fourier transform mixes, whose matrix is no parameter, and trains', async () => {
    const wide = stored({
      inputs: { x: ['n', 5, 4] },
      initializers: {
        ...{ embed: weight(4, 6), mix: weight(6, 8), head: weight(8, 3) },
        ...{ last: intTensor([3]), real: intTensor(0) },
      },
      nodes: [
        ['MatMul', 'x embed', 'embedded'],
        ['Unsqueeze', 'embedded last', 'points'],
        ['DFT', 'points', 'spectrum', { axis: int(2) }],
        ['Gather', 'spectrum real', 'mixed', { axis: int(3) }],
        ['MatMul', 'mixed mix', 'hidden'],
        ['Relu', 'hidden', 'active'],
        ['ReduceMean', 'active', 'mean', { axes: ints([1]), keepdims: int(0) }],
        ['MatMul', 'mean head', 'y'],
      ],
      outputs: ['y'],
    });
    assert.equal(countParameters(wide.graph), 24 + 48 + 24);
    assert.deepEqual(wide.weights, ['embed', 'mix', 'head']);
    const small = shrinkNetwork(wide, 0.5);
    const { embed, mix, head } = shapesOf(small);
    assert.deepEqual(
      [embed, mix, head],
      [
        [4, 6],
        [6, 4],
        [4, 3],
      ],
    );
    await train(small, [5, 4]);
  });

  it('follows channels through a normalisation of all of them that is written out, and trains', async () => {
    const wide = stored({
      inputs: { x: ['n', 3, 4, 4] },
      initializers: {
        ...{ kernel: weight(8, 3, 1, 1), scale: weight(8, 1, 1), shift: weight(8, 1, 1), dense: weight(8, 3) },
        ...{ group: intTensor([0, 1, -1]), one: floatTensor([1]), none: floatTensor([0]) },
      },
      nodes: [
        ['Conv', 'x kernel', 'map'],
        ['Reshape', 'map group', 'group_of_all'],
        ['InstanceNormalization', 'group_of_all one none', 'normed'],
        ['Shape', 'map', 'sizes'],
        ['Reshape', 'normed sizes', 'image'],
        ['Mul', 'image scale', 'scaled'],
        ['Add', 'scaled shift', 'shifted'],
        ['Add', 'map shifted', 'joined'],
        ['Relu', 'joined', 'active'],
        ['GlobalAveragePool', 'active', 'mean'],
        ['Flatten', 'mean', 'flat'],
        ['MatMul', 'flat dense', 'y'],
      ],
      outputs: ['y'],
    });
    const narrow = shrinkNetwork(wide, 0.5);
    const { kernel, scale, dense } = shapesOf(narrow);
    assert.deepEqual({ kernel, scale, dense }, { kernel: [4, 3, 1, 1], scale: [4, 1, 1], dense: [4, 3] });
    await trainBriefly({
      network: { graph: narrow.graph, trainable: new Set(narrow.weights) },
      sampleShape: [3, 4, 4],
      classes: 3,
      epochs: 10,
      learningRate: 0.05,
    });
  });
});
