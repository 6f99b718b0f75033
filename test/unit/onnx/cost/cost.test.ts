import assert from 'node:assert/strict';
import { countMacs, countParameters, weightsOf } from '../../../../src/onnx/cost/cost.ts';
import { float, Graph, int, ints, text } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';

/** Zeros to stand for any weights: only shapes matter here. */
const zeros = new Float32Array(768 * 30_522);

/** Builds networks as their papers and torchvision describe them. */
class Network {
  readonly graph = new Graph();

  weight(...shape: readonly number[]): Value {
    const count = shape.reduce((product, size) => product * size, 1);
    const tensor = { type: 'float32', shape, data: zeros.subarray(0, count) } as const;
    return this.graph.initializer(this.graph.freshName('weight'), tensor);
  }

  /** Convolution without bias, and batch normalisation. */
  convolution(x: Value, filters: number, kernel: number, { stride = 1, groups = 1 } = {}): Value {
    const channels = x.shape[1] as number;
    const pad = (kernel - 1) / 2;
    const convolved = this.graph.op('Conv', [x, this.weight(filters, channels / groups, kernel, kernel)], {
      strides: ints([stride, stride]),
      pads: ints([pad, pad, pad, pad]),
      group: int(groups),
    });
    const vectors = [1, 2, 3, 4].map(() => this.weight(filters));
    return this.graph.op('BatchNormalization', [convolved, ...vectors]);
  }

  relu(x: Value): Value {
    return this.graph.op('Relu', [x]);
  }

  add(a: Value, b: Value): Value {
    return this.graph.op('Add', [a, b]);
  }

  dense(x: Value, units: number): Value {
    const product = this.graph.op('MatMul', [x, this.weight(x.shape.at(-1) as number, units)]);
    return this.add(product, this.weight(units));
  }

  classify(x: Value, classes: number): Graph {
    const flat = this.graph.op('Flatten', [this.graph.op('GlobalAveragePool', [x])]);
    const inputs = [flat, this.weight(classes, x.shape[1] as number), this.weight(classes)];
    this.graph.output(this.graph.op('Gemm', inputs, { transB: int(1) }));
    return this.graph;
  }
}

function resnet(blocks: readonly number[], bottleneck: boolean): Graph {
  const network = new Network();
  const image = network.graph.input('image', 'float32', ['batch', 3, 224, 224]);
  let x = network.relu(network.convolution(image, 64, 7, { stride: 2 }));
  x = network.graph.op('MaxPool', [x], { kernel_shape: ints([3, 3]), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) });
  blocks.forEach((count, stage) => {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < count; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1;
      const filters = bottleneck ? 4 * width : width;
      let y: Value;
      if (bottleneck) {
        y = network.relu(network.convolution(x, width, 1));
        y = network.relu(network.convolution(y, width, 3, { stride }));
        y = network.convolution(y, filters, 1);
      } else {
        y = network.relu(network.convolution(x, width, 3, { stride }));
        y = network.convolution(y, width, 3);
      }
      const same = stride === 1 && x.shape[1] === filters;
      x = network.relu(network.add(y, same ? x : network.convolution(x, filters, 1, { stride })));
    }
  });
  return network.classify(x, 1000);
}

function mobilenetV2(): Graph {
  const network = new Network();
  const clip = (x: Value) => network.graph.op('Clip', [x, network.graph.scalar(0), network.graph.scalar(6)]);
  const image = network.graph.input('image', 'float32', ['batch', 3, 224, 224]);
  let x = clip(network.convolution(image, 32, 3, { stride: 2 }));
  const stages = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]] as const; // prettier-ignore
  for (const [expansion, filters, count, firstStride] of stages) {
    for (let block = 0; block < count; block++) {
      const stride = block === 0 ? firstStride : 1;
      const channels = x.shape[1] as number;
      const hidden = channels * expansion;
      const expanded = expansion === 1 ? x : clip(network.convolution(x, hidden, 1));
      const filtered = clip(network.convolution(expanded, hidden, 3, { stride, groups: hidden }));
      const projected = network.convolution(filtered, filters, 1);
      x = stride === 1 && channels === filters ? network.add(projected, x) : projected;
    }
  }
  return network.classify(clip(network.convolution(x, 1280, 1)), 1000);
}

/** BERT-base on 128 tokens, with its pooler. */
function bertBase(): Graph {
  const [tokens, hidden, heads] = [128, 768, 12];
  const network = new Network();
  const { graph } = network;
  const normalize = (x: Value) =>
    graph.op('LayerNormalization', [x, network.weight(hidden), network.weight(hidden)], { epsilon: float(1e-12) });
  const identifiers = graph.input('identifiers', 'int64', ['batch', tokens]);
  const types = graph.input('types', 'int64', ['batch', tokens]);
  const words = graph.op('Gather', [network.weight(30_522, hidden), identifiers]);
  const segments = graph.op('Gather', [network.weight(2, hidden), types]);
  const positions = graph.op('Gather', [network.weight(512, hidden), graph.integers([...Array(tokens).keys()])]);
  let x = normalize(network.add(network.add(words, segments), positions));
  const split = (y: Value, perm: readonly number[]) =>
    graph.op('Transpose', [graph.op('Reshape', [y, graph.integers([0, tokens, heads, hidden / heads])])], {
      perm: ints(perm),
    });
  for (let layer = 0; layer < 12; layer++) {
    const query = split(network.dense(x, hidden), [0, 2, 1, 3]);
    const key = split(network.dense(x, hidden), [0, 2, 3, 1]);
    const value = split(network.dense(x, hidden), [0, 2, 1, 3]);
    const attention = graph.op('Softmax', [graph.op('MatMul', [query, key])]);
    const heard = graph.op('Transpose', [graph.op('MatMul', [attention, value])], { perm: ints([0, 2, 1, 3]) });
    const joined = graph.op('Reshape', [heard, graph.integers([0, tokens, hidden])]);
    x = normalize(network.add(x, network.dense(joined, hidden)));
    const wide = graph.op('Gelu', [network.dense(x, 4 * hidden)]);
    x = normalize(network.add(x, network.dense(wide, hidden)));
  }
  const first = graph.op('Gather', [x, graph.integers([0])], { axis: int(1) });
  graph.output(graph.op('Tanh', [network.dense(first, hidden)]));
  return graph;
}

describe('cost of a model', () => {
  // torchvision's documentation gives parameters and GFLOPS (multiply-accumulates) of its models at 224 × 224; BERT-base
  // has 109,482,240 parameters and, on 128 tokens, 22.5 GFLOPs of two operations per multiply-accumulate (arXiv 2004.02984).
  const published = [
    { name: 'ResNet-18', build: () => resnet([2, 2, 2, 2], false), parameters: 11_689_512, macs: 1.814e9 },
    { name: 'ResNet-50', build: () => resnet([3, 4, 6, 3], true), parameters: 25_557_032, macs: 4.089e9 },
    { name: 'MobileNetV2', build: mobilenetV2, parameters: 3_504_872, macs: 0.301e9 },
    { name: 'BERT-base', build: bertBase, parameters: 109_482_240, macs: 22.5e9 / 2 },
  ];
  for (const { name, build, parameters, macs } of published) {
    it(`${name}: ${parameters} parameters, ${(macs / 1e9).toPrecision(3)} G multiply-accumulates`, () => {
      const graph = build();
      assert.equal(countParameters(graph), parameters);
      assert.ok(Math.abs(countMacs(graph) / macs - 1) < 0.01, `${countMacs(graph)} multiply-accumulates`);
    });
  }

  /** Multiply-accumulates of one node on inputs of these shapes. */
  const macsOf = (
    operator: string,
    shapes: readonly (readonly number[])[],
    options: Parameters<Graph['node']>[2] = {},
  ) => {
    const graph = new Graph();
    const inputs = shapes.map((shape, index) => graph.input(`input${index}`, 'float32', shape));
    graph.node(operator, inputs, options);
    return countMacs(graph);
  };

  it('counts every product of a node', () => {
    assert.equal(macsOf('Gemm', [[2, 3], [3, 5]]), 2 * 3 * 5); // prettier-ignore
    assert.equal(macsOf('Gemm', [[3, 2], [3, 5]], { attributes: { transA: int(1) } }), 2 * 3 * 5); // prettier-ignore
    assert.equal(macsOf('MatMul', [[4, 2, 3], [3, 5]]), 4 * 2 * 3 * 5); // prettier-ignore
    assert.equal(macsOf('MatMul', [[3], [3]]), 3);
    const fused = { domain: 'com.microsoft', attributes: { transA: int(1), transB: int(1) } };
    assert.equal(macsOf('FusedMatMul', [[4, 3, 2], [5, 3]], fused), 4 * 2 * 3 * 5); // prettier-ignore
    // 3 × 3 outputs, each of 4 channels from 2 of each of 2 groups under 2 × 2.
    const grouped = { attributes: { group: int(2) } };
    assert.equal(macsOf('Conv', [[1, 4, 4, 4], [4, 2, 2, 2]], grouped), 3 * 3 * 4 * 2 * 4); // prettier-ignore
    // Every one of 4 × 4 inputs of 2 channels is multiplied with 3 filters of 2 × 2.
    assert.equal(macsOf('ConvTranspose', [[1, 2, 4, 4], [2, 3, 2, 2]]), 4 * 4 * 2 * 3 * 4); // prettier-ignore
    // 7 steps, 2 samples; 4 gates of 5 units over 3 features and 5 units.
    assert.equal(macsOf('LSTM', [[7, 2, 3], [1, 20, 3], [1, 20, 5]]), 7 * 2 * 20 * (3 + 5)); // prettier-ignore
    assert.equal(macsOf('GRU', [[7, 2, 3], [1, 15, 3], [1, 15, 5]]), 7 * 2 * 15 * (3 + 5)); // prettier-ignore
    assert.equal(macsOf('Relu', [[7, 2, 3]]), 0);
  });

  it('counts every product of an Einsum', () => {
    const einsum = (equation: string, ...shapes: readonly (readonly number[])[]) =>
      macsOf('Einsum', shapes, { attributes: { equation: text(equation) } });
    assert.equal(einsum('bij,bjk->bik', [2, 3, 4], [2, 4, 5]), 2 * 3 * 4 * 5);
    assert.equal(einsum('bij,bj->b', [2, 3, 4], [2, 4]), 2 * 3 * 4);
    assert.equal(einsum('...ij,...jk->...ik', [6, 2, 3, 4], [2, 4, 5]), 6 * 2 * 3 * 4 * 5);
    assert.equal(einsum('i...,i...->i', [2, 3, 4], [2, 3, 4]), 2 * 3 * 4);
    assert.equal(einsum('ij,jk', [2, 3], [3, 5]), 2 * 3 * 5);
    assert.equal(einsum('ij->ji', [2, 3]), 0);
  });

  it('counts weights only: no statistics, scalars, bounds or constants of formulas', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['n', 2]);
    const weight = (name: string, ...values: number[]) => graph.initializer(name, floatTensor(values));
    const vectors = ['scale', 'bias', 'mean', 'variance'].map((name) => weight(name, 1, 1));
    const normalized = graph.op('BatchNormalization', [x, ...vectors]);
    const clipped = graph.op('Clip', [normalized, graph.initializer('least', floatTensor(0))]);
    const slopes = graph.op('PRelu', [clipped, weight('slope', 0.1)]);
    const shifted = graph.op('Add', [slopes, graph.constant(floatTensor([1, 2]))]);
    graph.output(graph.op('Mul', [shifted, graph.initializer('half', floatTensor(0.5))]));
    weight('unused', 1, 2, 3);
    assert.deepEqual(Object.fromEntries(weightsOf(graph)), { scale: 2, bias: 2, slope: 1 });
  });

  it('counts the weights of a quantised model', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['n', 2]);
    const stored = graph.initializer('w', { type: 'int8', shape: [2, 3], data: new Int8Array(6) });
    const scale = graph.initializer('w_scale', floatTensor([1, 1, 1]));
    const w = graph.op('DequantizeLinear', [stored, scale], { axis: int(1) });
    graph.output(graph.op('MatMul', [x, w]));
    assert.equal(countParameters(graph), 6);
    assert.equal(countMacs(graph), 6);
  });
});
