import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { float, Graph } from '../../../../src/onnx/graph.ts';
import { floatTensor, type FloatTensor } from '../../../../src/onnx/tensor.ts';
import { buildStudent, type Architecture } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { drawLastLayer, drawLogits, lastLayerOf } from '../../../../src/training/epochByParts/drawToShares.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { normalArray } from '../../../support/studentChecks.ts';

const SHARES = [0.7, 0.2, 0.1];

async function logitsOf(graph: Graph, shape: readonly number[]): Promise<Float32Array> {
  const results = await runGraph(graph, new Map([['input', normalArray([6, ...shape], 'samples')]]));
  return Float32Array.from(results.get('logits')?.data ?? []);
}

/** Logits of five numbers each, by a product and a sum, as exported networks have them. */
function productAndSum(): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['batch', 5]);
  const weight = graph.initializer('head.weight', floatTensor(normalArray([5, 3], 'weight').data, [5, 3]));
  const bias = graph.initializer('head.bias', floatTensor([0.5, -1, 2], [3]));
  graph.output(graph.op('Add', [bias, graph.op('MatMul', [input, weight])]), 'logits');
  return graph;
}

describe('drawLastLayer', () => {
  const networks: readonly (readonly [string, Graph, readonly number[]])[] = [
    ...(
      [
        [{ architecture: 'mlp', hidden: [4] }, [5]],
        [{ architecture: 'convnet', channels: [4], hidden: [5], batchNormalization: true }, [2, 8, 8]],
        [{ architecture: 'resnet', depth: 8, width: 0.25 }, [2, 8, 8]],
      ] as const satisfies readonly (readonly [Architecture, readonly number[]])[]
    ).map(
      ([student, shape]) =>
        [
          student.architecture,
          buildStudent(student, classifierForm([...shape], 3), randomStream(0, 'weights')),
          shape,
        ] as const,
    ),
    ['product and a sum', productAndSum(), [5]],
  ];
  for (const [name, graph, shape] of networks) {
    it(`has a network that ends with a dense layer say what drawLogits makes of what it says: ${name}`, async () => {
      const layer = lastLayerOf(graph);
      assert.ok(layer);
      const before = await logitsOf(graph, shape);
      const draw = { own: 0.3, shares: SHARES, layer };
      const weights = new Map(
        [...graph.initializers].filter((entry): entry is [string, FloatTensor] => entry[1].type === 'float32'),
      );
      for (const [weight, tensor] of drawLastLayer(weights, draw)) graph.initializers.set(weight, tensor);
      const after = await logitsOf(graph, shape);
      const expected = drawLogits(before, draw);
      after.forEach((logit, index) => {
        assert.ok(Math.abs(logit - (expected[index] ?? NaN)) < 1e-5, `${logit} for ${expected[index]}`);
      });
      const probability = (logits: Float32Array): number => Math.exp((logits[0] ?? 0) - (logits[1] ?? 0));
      assert.ok(Math.abs(Math.log(probability(after) / (probability(before) ** 0.3 * (0.7 / 0.2) ** 0.7))) < 1e-4);
    });
  }
});

describe('lastLayerOf', () => {
  it('is no layer whose weights something else reads, or whose product or sum has a factor', () => {
    const tied = productAndSum();
    tied.output(tied.op('Neg', [tied.value('head.weight')]), 'other');
    assert.equal(lastLayerOf(tied), undefined);
    const scaled = new Graph();
    const input = scaled.input('input', 'float32', ['batch', 5]);
    const weight = scaled.initializer('weight', floatTensor(new Float32Array(15), [5, 3]));
    const bias = scaled.initializer('bias', floatTensor(new Float32Array(3), [3]));
    scaled.output(scaled.op('Gemm', [input, weight, bias], { alpha: float(0.5) }));
    assert.equal(lastLayerOf(scaled), undefined);
  });

  it('is none where the network ends otherwise', () => {
    const graph = productAndSum();
    const ended = new Graph();
    ended.output(ended.op('Relu', [ended.input('input', 'float32', ['batch', 3])]), 'logits');
    assert.equal(lastLayerOf(ended), undefined);
    assert.deepEqual(lastLayerOf(graph), { weight: 'head.weight', bias: 'head.bias' });
  });
});
