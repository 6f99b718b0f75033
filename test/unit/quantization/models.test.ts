import assert from 'node:assert/strict';
import { InferenceSession, Tensor as RuntimeTensor } from '../../../src/platform/onnxRuntime.ts';
import { randomStream } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { float, Graph, int, ints } from '../../../src/onnx/graph.ts';
import { importGraph } from '../../../src/onnx/importing/importGraph.ts';
import { countMacs, countParameters } from '../../../src/onnx/cost/cost.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { quantizeDynamically } from '../../../src/quantization/dynamicInt8.ts';
import { storeInFloat16 } from '../../../src/quantization/float16.ts';
import { packInInt4, storeInInt4 } from '../../../src/quantization/int4.ts';
import { foldBatchNormalization } from '../../../src/quantization/foldBatchNormalization.ts';
import { quantizeStatically, valuesToObserve } from '../../../src/quantization/staticInt8.ts';
import { weightBytes } from '../../../src/quantization/weightBytes.ts';

const random = randomStream(0, 'quantisation');
const normal = (shape: readonly number[], deviation = 1, mean = 0) =>
  floatTensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal(mean, deviation)),
    shape,
  );

/** Convolution, batch normalisation and Relu twice, with a branch between them, then Gemm and MatMul. */
function convolutionalModel(): ModelProto {
  const graph = new Graph();
  const weight = (name: string, shape: readonly number[], deviation: number, mean = 0) =>
    graph.initializer(name, normal(shape, deviation, mean));
  const positive = (name: string, size: number) =>
    graph.initializer(name, floatTensor(Float32Array.from({ length: size }, () => random.uniform(0.5, 1.5))));
  let flow = graph.input('input', 'float32', ['batch', 3, 8, 8]);
  for (const [index, channels] of [16, 16].entries()) {
    const from = index === 0 ? 3 : 16;
    const convolved = graph.op(
      'Conv',
      [flow, weight(`conv${index}`, [channels, from, 3, 3], 0.2), weight(`conv${index}.bias`, [channels], 0.1)],
      { pads: ints([1, 1, 1, 1]) },
    );
    const normalized = graph.op(
      'BatchNormalization',
      [
        convolved,
        positive(`gamma${index}`, channels),
        weight(`beta${index}`, [channels], 0.3),
        weight(`mean${index}`, [channels], 0.3),
        positive(`variance${index}`, channels),
      ],
      { epsilon: float(1e-5) },
    );
    const activated = graph.op('Relu', [normalized]);
    flow = index === 0 ? activated : graph.op('Add', [flow, activated]);
  }
  const pooled = graph.op('Flatten', [graph.op('GlobalAveragePool', [flow])]);
  const hidden = graph.op('Relu', [
    graph.op('Gemm', [pooled, weight('dense', [32, 16], 0.3), weight('dense.bias', [32], 0.1)], { transB: int(1) }),
  ]);
  graph.output(graph.op('MatMul', [hidden, weight('last', [32, 10], 0.3)]), 'logits');
  return exportModel(graph, { name: 'student' });
}

const samples = normal([64, 3, 8, 8]);

async function run(model: ModelProto, names: readonly string[] = ['logits']): Promise<Float32Array> {
  const session = await InferenceSession.create(encodeModel(model));
  try {
    const input = new RuntimeTensor('float32', samples.data, [...samples.shape]);
    return (await session.run({ input }, [...names]))[names[0]!]!.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** Root of the mean squared difference, as a share of that of the reference. */
function relativeError(actual: Float32Array, reference: Float32Array): number {
  const norm = (values: Float32Array) => Math.hypot(...values);
  return norm(actual.map((value, index) => value - reference[index]!)) / norm(reference);
}

function operators(model: ModelProto): string[] {
  return model.graph!.node.map(({ opType }) => opType);
}

/** Operators of nodes whose results nothing reads. */
function deadNodes(model: ModelProto): string[] {
  const { node, output } = model.graph!;
  const read = new Set([...output.map(({ name }) => name), ...node.flatMap(({ input }) => input)]);
  return node.filter((each) => !each.output.some((name) => read.has(name))).map(({ opType }) => opType);
}

describe('quantised models', () => {
  const model = convolutionalModel();
  let reference: Float32Array;
  before(async () => {
    reference = await run(model);
  });

  describe('foldBatchNormalization', () => {
    it('computes the same without the normalisations', async () => {
      const folded = foldBatchNormalization(model);
      assert.ok(!operators(folded).includes('BatchNormalization'));
      assert.ok(relativeError(await run(folded), reference) < 1e-5);
      assert.ok(operators(model).includes('BatchNormalization'), 'the original stays as it was');
    });

    it('leaves a normalisation alone whose input is read elsewhere, too', async () => {
      const graph = new Graph();
      const input = graph.input('input', 'float32', ['batch', 3, 8, 8]);
      const convolved = graph.op('Conv', [input, graph.initializer('w', normal([4, 3, 1, 1]))]);
      const ones = (name: string) => graph.initializer(name, floatTensor([2, 3, 4, 5]));
      const normalized = graph.op('BatchNormalization', [convolved, ones('g'), ones('b'), ones('m'), ones('v')]);
      graph.output(graph.op('Add', [normalized, convolved]), 'logits');
      const whole = exportModel(graph, { name: 'student' });
      const folded = foldBatchNormalization(whole);
      assert.ok(operators(folded).includes('BatchNormalization'));
      assert.equal(relativeError(await run(folded), await run(whole)), 0);
    });
  });

  describe('static int8', () => {
    it('is near the original, and keeps int8 weights only', async () => {
      const folded = foldBatchNormalization(model);
      const names = valuesToObserve(folded);
      assert.ok(names.includes('input') && !names.includes('logits'));
      const ranges = new Map(names.map((name) => [name, { low: -4, high: 4 }]));
      const quantized = quantizeStatically(folded, ranges);
      const error = relativeError(await run(quantized), reference);
      assert.ok(error > 0 && error < 0.1, `${error}`);
      const types = new Set(
        quantized.graph!.initializer.filter(({ dims }) => dims.length > 1).map(({ dataType }) => dataType),
      );
      assert.deepEqual([...types], [3]);
    });

    it('leaves no pair behind that nothing reads, whatever ranges are known', () => {
      const folded = foldBatchNormalization(model);
      const names = [...valuesToObserve(folded), 'logits'];
      const quantized = quantizeStatically(folded, new Map(names.map((name) => [name, { low: -4, high: 4 }])));
      assert.deepEqual(deadNodes(quantized), []);
    });

    it('quantises an output for the layers that read it, and gives it out as it was', async () => {
      const graph = new Graph();
      const input = graph.input('input', 'float32', ['batch', 3, 8, 8]);
      const flat = graph.op('Relu', [graph.op('Flatten', [input])]);
      graph.output(graph.op('MatMul', [flat, graph.initializer('w', normal([192, 10], 0.1))]), 'logits');
      graph.output(flat, 'features');
      const whole = exportModel(graph, { name: 'student' });
      const last = whole.graph!.node.find(({ output }) => output[0] === 'features')!;
      // Exported through a copy of its own; other programs' files give out the value that is read.
      for (const { input } of whole.graph!.node) if (input[0] === last.input[0]) input[0] = 'features';
      whole.graph!.node.splice(whole.graph!.node.indexOf(last), 1);
      whole.graph!.node.find(({ opType }) => opType === 'Relu')!.output[0] = 'features';
      const names = valuesToObserve(whole);
      assert.deepEqual(names, ['features']);
      const quantized = quantizeStatically(whole, new Map(names.map((name) => [name, { low: 0, high: 5 }])));
      assert.deepEqual(deadNodes(quantized), []);
      assert.ok(operators(quantized).includes('QuantizeLinear'));
      const error = relativeError(await run(quantized), await run(whole));
      assert.ok(error > 0 && error < 0.1, `${error}`);
      assert.deepEqual(await run(quantized, ['features']), await run(whole, ['features']));
    });

    it('counts the work of the original', () => {
      const folded = foldBatchNormalization(model);
      const ranges = new Map(valuesToObserve(folded).map((name) => [name, { low: -4, high: 4 }]));
      const macs = (of: ModelProto) => countMacs(importGraph(of, { batch: 1 }));
      assert.equal(macs(quantizeStatically(folded, ranges)), macs(model));
      assert.equal(macs(quantizeDynamically(folded)), macs(model));
    });
  });

  it('in dynamic int8 are near the original', async () => {
    const quantized = quantizeDynamically(foldBatchNormalization(model));
    assert.deepEqual(
      ['ConvInteger', 'MatMulInteger'].map(
        (operator) => operators(quantized).filter((name) => name === operator).length,
      ),
      [2, 2],
    );
    const error = relativeError(await run(quantized), reference);
    assert.ok(error > 0 && error < 0.05, `${error}`);
  });

  it('in dynamic int8 may have convolutions without bias', async () => {
    const graph = new Graph();
    const input = graph.input('input', 'float32', ['batch', 3, 8, 8]);
    const convolved = graph.op('Conv', [input, graph.initializer('w', normal([4, 3, 3, 3], 0.2))]);
    graph.output(graph.op('Flatten', [convolved]), 'logits');
    const whole = exportModel(graph, { name: 'student' });
    const error = relativeError(await run(quantizeDynamically(whole)), await run(whole));
    assert.ok(error > 0 && error < 0.05, `${error}`);
  });

  it('with weights of 7 bits are near the original on every processor', async () => {
    const folded = foldBatchNormalization(model);
    const ranges = new Map(valuesToObserve(folded).map((name) => [name, { low: -4, high: 4 }]));
    for (const [quantized, most] of [
      [quantizeStatically(folded, ranges, 7), 0.1],
      [quantizeDynamically(folded, 7), 0.05],
    ] as const) {
      const error = relativeError(await run(quantized), reference);
      assert.ok(error > 0 && error < most, `${error}`);
    }
  });

  it('in float16 are as near as half precision is, in half the bytes', async () => {
    const halved = storeInFloat16(model);
    const error = relativeError(await run(halved), reference);
    assert.ok(error > 0 && error < 1e-3, `${error}`);
    assert.ok(weightBytes(halved) < 0.6 * weightBytes(model));
  });

  it('in int4 have their dense layers in 4 bits, which ONNX Runtime computes with as they stand for', async () => {
    const quantized = storeInInt4(model);
    assert.ok(quantized);
    assert.deepEqual(
      operators(quantized).filter((name) => ['MatMulNBits', 'Conv', 'Gemm'].includes(name)),
      ['Conv', 'Conv', 'MatMulNBits', 'MatMulNBits'],
    );
    const error = relativeError(await run(quantized), reference);
    assert.ok(error > 0 && error < 0.15, `${error}`);
    const macs = (of: ModelProto) => countMacs(importGraph(of, { batch: 1 }));
    assert.equal(macs(quantized), macs(model));
    const parameters = (of: ModelProto) => countParameters(importGraph(of, { batch: 1 }));
    assert.equal(parameters(quantized), parameters(model));

    // 40 rows: the last block is not full.
    const graph = new Graph();
    const input = graph.op('Flatten', [
      graph.op('GlobalAveragePool', [graph.input('input', 'float32', ['batch', 3, 8, 8])]),
    ]);
    const spread = graph.op('MatMul', [input, graph.initializer('spread', normal([3, 40], 0.5))]);
    const matrix = normal([40, 20], 0.3);
    graph.output(graph.op('MatMul', [spread, graph.initializer('matrix', matrix)]), 'logits');
    const whole = exportModel(graph, { name: 'student' });
    const { packed, scales, channels, width } = packInInt4({ ...matrix, data: Float32Array.from(matrix.data) }, 1);
    assert.deepEqual([channels, width, packed.length, scales.length], [20, 40, 20 * 32, 40]);
    const meant = Float32Array.from(matrix.data, (_, index) => {
      const [row, channel] = [Math.floor(index / 20), index % 20];
      const block = 2 * channel + Math.floor(row / 32);
      const number = (packed[16 * block + Math.floor((row % 32) / 2)]! >> (4 * (row % 2))) & 15;
      return (number - 8) * scales[block]!;
    });
    assert.ok(relativeError(meant, Float32Array.from(matrix.data)) < 0.12);
    const standsFor = structuredClone({ data: meant });
    const other = new Graph();
    const same = other.op('Flatten', [
      other.op('GlobalAveragePool', [other.input('input', 'float32', ['batch', 3, 8, 8])]),
    ]);
    const first = other.op('MatMul', [same, other.initializer('spread', graph.initializers.get('spread')!)]);
    other.output(
      other.op('MatMul', [first, other.initializer('matrix', floatTensor(standsFor.data, [40, 20]))]),
      'logits',
    );
    const inFloats = await run(exportModel(other, { name: 'student' }));
    assert.ok(relativeError(await run(storeInInt4(whole)!), inFloats) < 1e-2);
  });

  it('in int4 are none without dense layers', () => {
    const graph = new Graph();
    const input = graph.input('input', 'float32', ['batch', 3, 8, 8]);
    const convolved = graph.op('Conv', [input, graph.initializer('w', normal([4, 3, 3, 3], 0.2))]);
    graph.output(graph.op('Flatten', [convolved]), 'logits');
    assert.equal(storeInInt4(exportModel(graph, { name: 'student' })), undefined);
  });

  it('refuses an operator set without scales for each channel', () => {
    const old = convolutionalModel();
    for (const set of old.opsetImport) set.version = 12n;
    assert.throws(() => quantizeDynamically(old), /operator set 12; the first .* is 13/);
  });
});
