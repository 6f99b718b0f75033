import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { int, ints, Graph } from '../../../src/onnx/graph.ts';
import type { Value } from '../../../src/onnx/node.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { replaceInitializers } from '../../../src/onnx/replaceInitializers.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor as RuntimeTensor } from '../../../src/platform/onnxRuntime.ts';
import { withFakeQuantization } from '../../../src/quantization/awareGraph.ts';
import { foldBatchNormalization } from '../../../src/quantization/foldBatchNormalization.ts';
import { quantizeStatically, valuesToObserve } from '../../../src/quantization/staticInt8.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { lowerFakeQuantization } from '../../../src/training/lowering/lowerFakeQuantization.ts';

const random = randomStream(0, 'aware graphs');
const normal = (shape: readonly number[], deviation = 1, mean = 0) =>
  floatTensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal(mean, deviation)),
    shape,
  );

/** Inverted residuals with Clip, a residual with Relu, Gemm and MatMul, a bias here and there. */
function mobileModel(): ModelProto {
  const graph = new Graph();
  const convolution = (input: Value, name: string, shape: readonly number[], groups = 1) => {
    const margin = ((shape[2] ?? 1) - 1) / 2;
    const convolved = graph.op('Conv', [input, graph.initializer(`${name}.weight`, normal(shape, 0.5))], {
      pads: ints([margin, margin, margin, margin]),
      group: int(groups),
    });
    const channels = [shape[0]!];
    return graph.op('BatchNormalization', [
      convolved,
      graph.initializer(`${name}.scale`, normal(channels, 0.2, 1)),
      graph.initializer(`${name}.shift`, normal(channels, 0.3)),
      graph.initializer(`${name}.mean`, normal(channels, 0.2)),
      graph.initializer(`${name}.variance`, floatTensor(new Float32Array(shape[0]!).fill(1.5))),
    ]);
  };
  const clip = (value: Value) => graph.op('Clip', [value, graph.scalar(0), graph.scalar(6)]);
  const stem = clip(convolution(graph.input('input', 'float32', ['batch', 3, 6, 6]), 'stem', [8, 3, 3, 3]));
  const deep = clip(convolution(clip(convolution(stem, 'expand', [16, 8, 1, 1])), 'deep', [16, 1, 3, 3], 16));
  const sum = graph.op('Add', [stem, convolution(deep, 'project', [8, 16, 1, 1])]);
  const last = graph.op('Relu', [convolution(sum, 'last', [8, 8, 3, 3])]);
  const pooled = graph.op('Flatten', [graph.op('GlobalAveragePool', [last])]);
  const hidden = graph.op('Gemm', [
    pooled,
    graph.initializer('dense', normal([8, 12], 0.4)),
    graph.initializer('dense.bias', normal([12], 0.4)),
  ]);
  graph.output(
    graph.op('MatMul', [graph.op('Relu', [hidden]), graph.initializer('out', normal([12, 5], 0.4))]),
    'logits',
  );
  return exportModel(graph, { name: 'student' });
}

const samples = normal([64, 3, 6, 6]);

/** @param optimization without it integers become floats again before they are multiplied, which overflows nowhere */
async function run(model: ModelProto, optimization: 'all' | 'disabled' = 'all'): Promise<Float32Array> {
  const session = await InferenceSession.create(encodeModel(model), { graphOptimizationLevel: optimization });
  try {
    const input = new RuntimeTensor('float32', samples.data, [...samples.shape]);
    const [output] = session.outputNames;
    return (await session.run({ input }))[output!]!.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** Mean difference, as a share of the largest. */
function difference(one: Float32Array, other: Float32Array): number {
  const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return one.reduce((sum, value, index) => sum + Math.abs(value - other[index]!), 0) / one.length / largest;
}

describe('a network with fake quantisation', () => {
  const folded = foldBatchNormalization(mobileModel());
  const names = valuesToObserve(folded);
  const observed = new Map(names.map((name) => [name, { low: name === 'input' ? -3 : -2, high: 5 }]));
  for (const node of folded.graph!.node) {
    if (['Relu', 'Clip'].includes(node.opType) && observed.has(node.output[0]!))
      observed.set(node.output[0]!, { low: 0, high: 6 });
  }

  for (const bits of [7, 8] as const) {
    it(`computes what the file does (weights of ${bits} bits)`, async () => {
      const aware = withFakeQuantization(folded, importNetwork(folded).graph, observed, bits);
      assert.equal(aware.rangeWeights.length, names.length);
      const trained = lowerFakeQuantization(aware.graph);
      const written = quantizeStatically(folded, aware.rangesOf(aware.graph.initializers as never), bits);
      const expected = await run(exportModel(trained, { name: 'trained' }));
      const rounding = difference(expected, await run(folded));
      const unoptimized = difference(expected, await run(written, 'disabled'));
      assert.ok(unoptimized < 1e-4, `${unoptimized}`);
      // Weights of 8 bits overflow on some processors.
      const inIntegers = difference(expected, await run(written));
      if (bits === 7) assert.ok(inIntegers < 1e-4, `${inIntegers}`);
      assert.ok(rounding > 1e-3, `${rounding}`);
    });
  }

  it('writes what was learned: other ranges and other weights', async () => {
    const aware = withFakeQuantization(folded, importNetwork(folded).graph, observed, 7);
    const changed = new Map(
      [...aware.graph.initializers].flatMap(([name, tensor]) => {
        if (tensor.type !== 'float32') return [];
        const isRange = aware.rangeWeights.includes(name);
        if (!isRange && tensor.data.length < 2) return [];
        const data = Float32Array.from(
          tensor.data as Float32Array,
          (value) => value * (isRange ? 1 : 1.1) + (isRange ? -0.2 : 0),
        );
        return [[name, floatTensor(data, tensor.shape)] as const];
      }),
    );
    for (const [name, tensor] of changed) aware.graph.initializers.set(name, tensor);
    const weights = new Map([...changed].filter(([name]) => !aware.rangeWeights.includes(name)));
    const written = quantizeStatically(replaceInitializers(folded, weights), aware.rangesOf(changed), 7);
    const expected = await run(exportModel(lowerFakeQuantization(aware.graph), { name: 'trained' }));
    assert.ok(difference(expected, await run(written)) < 1e-4);
    assert.ok(difference(expected, await run(quantizeStatically(folded, observed, 7))) > 1e-2);
  });

  it('has nothing between a convolution and its integers', () => {
    const written = quantizeStatically(folded, observed, 7);
    const operators = new Set(written.graph!.node.map(({ opType }) => opType));
    assert.ok(!operators.has('Clip') && !operators.has('BatchNormalization'));
  });
});
