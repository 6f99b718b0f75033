import assert from 'node:assert/strict';
import { randomStream } from '../../../../../src/data/random.ts';
import { float, Graph, int, ints, text } from '../../../../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../../../../src/onnx/node.ts';
import { elementCount, floatTensor, type FloatTensor } from '../../../../../src/onnx/tensor.ts';
import type { EngineOptions, TrainingEngine } from '../../../../../src/training/engines/engine.ts';
import { OnnxRuntimeEngine } from '../../../../../src/training/engines/onnxruntimeEngine.ts';
import { TensorflowEngine } from '../../../../../src/training/engines/tensorflow/tensorflowEngine.ts';
import { cpuTensorflow } from '../../../../support/tensorflow.ts';

const BATCH = 2;
const CLASSES = 3;

interface Case {
  readonly name: string;
  readonly sampleShape: readonly number[];
  /** The operator, on samples that were multiplied by a weight, so that its gradient is used. */
  readonly build: (graph: Graph, x: Value, weight: (...shape: number[]) => Value) => Value;
}

const image = [4, 7, 6];

function on(sampleShape: readonly number[], name: string, build: Case['build']): Case {
  return { name, sampleShape, build };
}

function op(operator: string, sampleShape: readonly number[], attributes: Attributes = {}): Case {
  return on(sampleShape, operator, (graph, x) => graph.op(operator, [x], attributes));
}

function convolution(name: string, kernel: readonly number[], attributes: Attributes, sampleShape = image): Case {
  return on(sampleShape, `Conv ${name}`, (graph, x, weight) =>
    graph.op('Conv', [x, weight(...kernel), weight(kernel[0]!)], attributes),
  );
}

function pool(name: string, operator: string, attributes: Attributes): Case {
  return on(image, `${operator} ${name}`, (graph, x) =>
    graph.op(operator, [x], { kernel_shape: ints([3, 2]), ...attributes }),
  );
}

const axes = (graph: Graph, ...values: number[]): Value => graph.integers(values);

const cases: readonly Case[] = [
  ...['Abs', 'Cos', 'Exp', 'Neg', 'Sin', 'Elu', 'Selu', 'Erf', 'Gelu', 'HardSigmoid', 'HardSwish', 'LeakyRelu'].map(
    (name) => op(name, [5]),
  ),
  ...['Mish', 'Relu', 'Sigmoid', 'Softplus', 'Softsign', 'Tanh'].map((name) => op(name, [5])),
  on([5], 'Gelu by tanh', (graph, x) => graph.op('Gelu', [x], { approximate: text('tanh') })),
  on([5], 'Log, Sqrt, Reciprocal, Pow', (graph, x) => {
    const positive = graph.op('Add', [graph.op('Mul', [x, x]), graph.scalar(1)]);
    const sum = graph.op('Sum', [graph.op('Log', [positive]), graph.op('Sqrt', [positive])]);
    return graph.op('Add', [sum, graph.op('Reciprocal', [graph.op('Pow', [positive, graph.scalar(1.5)])])]);
  }),
  on([5], 'PRelu', (graph, x, weight) => graph.op('PRelu', [x, weight(5)])),
  on([5], 'Min and Max', (graph, x, weight) => graph.op('Max', [graph.op('Min', [x, weight(5)]), weight(1, 5)])),
  on([5], 'Where', (graph, x, weight) =>
    graph.op('Where', [graph.op('Greater', [x, graph.scalar(0.1)]), x, weight(1, 5)]),
  ),
  convolution('strided and padded', [3, 4, 3, 3], { strides: ints([2, 1]), pads: ints([1, 0, 1, 2]) }),
  convolution('dilated', [3, 4, 2, 3], { dilations: ints([3, 2]) }),
  convolution('in groups', [6, 2, 3, 3], { group: int(2) }),
  convolution('depthwise', [8, 1, 3, 3], { group: int(4), strides: ints([2, 2]) }),
  convolution('SAME', [3, 4, 3, 3], { auto_pad: text('SAME_UPPER'), strides: ints([2, 2]) }),
  convolution('over one axis', [3, 4, 3], { strides: ints([2]), pads: ints([1, 1]) }, [4, 9]),
  on(image, 'ConvTranspose', (graph, x, weight) =>
    graph.op('ConvTranspose', [x, weight(4, 3, 3, 3), weight(3)], {
      strides: ints([2, 2]),
      pads: ints([1, 0, 1, 1]),
      output_padding: ints([1, 0]),
    }),
  ),
  pool('padded', 'MaxPool', { strides: ints([2, 2]), pads: ints([1, 0, 1, 1]) }),
  pool('rounded up', 'MaxPool', { strides: ints([3, 2]), ceil_mode: int(1) }),
  pool('padded', 'AveragePool', { strides: ints([2, 2]), pads: ints([1, 0, 1, 1]) }),
  pool('with its padding', 'AveragePool', { pads: ints([1, 0, 1, 1]), count_include_pad: int(1) }),
  op('GlobalAveragePool', image),
  op('GlobalMaxPool', image),
  op('DepthToSpace', image, { blocksize: int(2) }),
  on(image, 'DepthToSpace CRD', (graph, x) => graph.op('DepthToSpace', [x], { blocksize: int(2), mode: text('CRD') })),
  op('Softmax', image, { axis: int(1) }),
  op('LogSoftmax', image, { axis: int(-1) }),
  on(image, 'LayerNormalization', (graph, x, weight) =>
    graph.op('LayerNormalization', [x, weight(7, 6), weight(7, 6)], { axis: int(2) }),
  ),
  on(image, 'InstanceNormalization', (graph, x, weight) =>
    graph.op('InstanceNormalization', [x, weight(4), weight(4)], { epsilon: float(0.01) }),
  ),
  on(image, 'GroupNormalization', (graph, x, weight) =>
    graph.op('GroupNormalization', [x, weight(4), weight(4)], { num_groups: int(2) }),
  ),
  on([3, 4], 'MatMul with broadcasting', (graph, x, weight) => graph.op('MatMul', [weight(2, 1, 5, 3), x])),
  on([4], 'Gemm', (graph, x, weight) =>
    graph.op('Gemm', [x, weight(5, 4), weight(5)], { transB: int(1), alpha: float(0.5), beta: float(2) }),
  ),
  ...[
    'ReduceMax',
    'ReduceMean',
    'ReduceMin',
    'ReduceSum',
    'ReduceSumSquare',
    'ReduceL1',
    'ReduceL2',
    'ReduceLogSumExp',
  ].map((name) => on(image, name, (graph, x) => graph.op(name, [x, axes(graph, -1, 2)], { keepdims: int(0) }))),
  on(image, 'Slice', (graph, x) =>
    graph.op('Slice', [x, axes(graph, -2, 1), axes(graph, -100, 6), axes(graph, -1, 2), axes(graph, -2, 2)]),
  ),
  on([4], 'Gather', (graph, x, weight) => {
    const rows = graph.op('Gather', [
      weight(5, 3),
      graph.constant({ type: 'int64', shape: [2, 2], data: BigInt64Array.of(0n, -1n, 2n, 0n) }),
    ]);
    return graph.op('Mul', [
      graph.op('ReduceMean', [x], { keepdims: int(0) }),
      graph.op('Expand', [rows, axes(graph, BATCH, 2, 2, 3)]),
    ]);
  }),
  on([4], 'Tile, Pad, Concat and Transpose', (graph, x) => {
    const padded = graph.op('Pad', [x, axes(graph, 1, 2), graph.scalar(0.5), axes(graph, 1)]);
    const joined = graph.op('Concat', [padded, graph.op('Tile', [x, axes(graph, 1, 2)])], { axis: int(-1) });
    return graph.op('Transpose', [graph.op('Unsqueeze', [joined, axes(graph, 1)])], { perm: ints([0, 2, 1]) });
  }),
];

function optionsOf({ sampleShape, build }: Case): EngineOptions {
  const random = randomStream(5, 'weights');
  const graph = new Graph();
  const weight = (...shape: number[]): Value =>
    graph.initializer(
      graph.freshName('weight'),
      floatTensor(
        Float32Array.from({ length: elementCount(shape) }, () => random.normal()),
        shape,
      ),
    );
  const samples = graph.input('input', 'float32', [BATCH, ...sampleShape]);
  const result = build(graph, graph.op('Mul', [samples, weight(...sampleShape)]), weight);
  const flat = graph.op('Reshape', [result, graph.integers([BATCH, -1])]);
  graph.output(graph.op('MatMul', [flat, weight(Number(flat.shape[1]), CLASSES)]));
  return {
    graph,
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape,
    outputShape: [CLASSES],
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    optimizer: { optimizer: 'sgd', momentum: 0 },
    seed: 0,
    batchSize: BATCH,
    predictionBatch: BATCH,
    device: 'cpu',
  };
}

async function stepOnce(engine: TrainingEngine, sampleShape: readonly number[]) {
  const random = randomStream(9, 'samples');
  const samples = Float32Array.from({ length: BATCH * elementCount(sampleShape) }, () => random.normal());
  try {
    await engine.run([{ batch: { samples, labels: Float32Array.of(1, 0, 0, 0, 0.5, 0.5) }, learningRate: 1, step: 1 }]);
    const [losses = {}] = await engine.losses();
    return { losses, weights: await engine.readWeights() };
  } finally {
    await engine.dispose();
  }
}

function difference(ours: FloatTensor, theirs: FloatTensor): number {
  const largest = Math.max(1, ...ours.data.map(Math.abs));
  return Math.max(...ours.data.map((value, index) => Math.abs(value - theirs.data[index]!))) / largest;
}

describe('operators of the TensorFlow engine', () => {
  for (const tested of cases) {
    it(`${tested.name}: loss and gradients are those of ONNX Runtime's step`, async () => {
      const ours = await stepOnce(await OnnxRuntimeEngine.open(optionsOf(tested)), tested.sampleShape);
      const options = optionsOf(tested);
      const theirs = await stepOnce(new TensorflowEngine(await cpuTensorflow(), options), tested.sampleShape);
      const [a, b] = [ours.losses['total']!, theirs.losses['total']!];
      assert.ok(Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(a)), `losses ${a} and ${b}`);
      for (const [name, tensor] of ours.weights) {
        assert.notDeepEqual(tensor.data, options.graph.initializers.get(name)?.data, `${name} did not move`);
        const worst = difference(tensor, theirs.weights.get(name)!);
        assert.ok(worst <= 1e-5, `${name} differs by ${worst}`);
      }
    });
  }
});
