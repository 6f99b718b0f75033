import assert from 'node:assert/strict';
import { gradients, nodesWithoutRule } from '../../../src/autodiff/gradients.ts';
import { DistilleryError } from '../../../src/errors.ts';
import { Graph, int } from '../../../src/onnx/graph.ts';
import type { Value } from '../../../src/onnx/node.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../support/reference/array.ts';
import { evaluate } from '../../support/reference/evaluate.ts';

/** Gradients of a loss, computed in ONNX Runtime. */
async function compute(
  graph: Graph,
  loss: Value,
  parameters: readonly Value[],
  feeds: Record<string, NumberArray> = {},
): Promise<number[][]> {
  gradients(graph, loss, parameters).forEach((gradient, index) => graph.output(gradient, `gradient_${index}`));
  const inputs = new Map(Object.entries(feeds));
  const results = await runGraph(graph, inputs);
  const reference = evaluate(graph, inputs);
  return parameters.map((parameter, index) => {
    const result = results.get(`gradient_${index}`)!;
    assert.deepEqual(result.shape, parameter.shape);
    assert.deepEqual([...result.data], [...reference.get(`gradient_${index}`)!.data]);
    return [...result.data];
  });
}

const sum = (graph: Graph, value: Value) => graph.op('ReduceSum', [value], { keepdims: int(0) });
const vector = (...data: number[]) => arrayOf([data.length], data);

describe('gradients', () => {
  it('sums what comes back to a value that is used more than once', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const squared = graph.op('Mul', [x, x]);
    const loss = sum(graph, graph.op('Add', [graph.op('Mul', [squared, x]), graph.op('Add', [squared, x])]));
    // d(x³ + x² + x) = 3x² + 2x + 1
    assert.deepEqual(await compute(graph, loss, [x], { x: vector(2, -1) }), [[17, 2]]);
  });

  it('sums over both places of a tied weight', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 2]);
    const weight = graph.initializer('weight', floatTensor([1, 2, 3, 4], [2, 2]));
    const hidden = graph.op('Gemm', [x, weight]);
    const loss = sum(graph, graph.op('Gemm', [hidden, weight], { transB: int(1) }));
    // loss = Σ x W Wᵀ = (x W) · s with s the sum of W's rows; here x W = (1, 2) and s = (4, 6), so that
    // dW = xᵀ s + 1 (x W), 1 a column of ones.
    assert.deepEqual(await compute(graph, loss, [weight], { x: arrayOf([1, 2], [1, 0]) }), [[5, 8, 1, 2]]);
  });

  it('is zero, of the right shape, for what the loss does not depend on', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const idle = graph.initializer('idle', floatTensor([Infinity, -1, NaN], [3, 1]));
    graph.op('Mul', [idle, graph.scalar(2)]);
    assert.deepEqual(await compute(graph, sum(graph, x), [idle, x], { x: vector(3, 4) }), [
      [0, 0, 0],
      [1, 1],
    ]);
  });

  it('stops at integers: no rule is needed behind them', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [3]);
    const position = graph.op('ArgMax', [x], { axis: int(0), keepdims: int(0) });
    const number = graph.op('Cast', [position], { to: int(1) });
    const loss = sum(graph, graph.op('Mul', [x, number]));
    assert.deepEqual(await compute(graph, loss, [x], { x: vector(1, 2, 9) }), [[2, 2, 2]]);
  });

  it('gives the gradient of a value between parameter and loss, and of the loss itself', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const doubled = graph.op('Mul', [x, graph.scalar(2)]);
    const loss = sum(graph, graph.op('Mul', [doubled, doubled]));
    assert.deepEqual(await compute(graph, loss, [doubled, loss, x], { x: vector(1, -3) }), [[4, -12], [1], [8, -24]]);
  });

  it('flows through every output of a node that the loss depends on, and through the shape of a reshaped value', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4]);
    const [left, right] = graph.node('Split', [x], { attributes: { num_outputs: int(2) }, outputs: ['left', 'right'] });
    const shaped = graph.op('Reshape', [
      right,
      graph.op('Concat', [graph.integers([1]), graph.integers([-1])], { axis: int(0) }),
    ]);
    const loss = sum(graph, graph.op('Mul', [left, shaped]));
    assert.deepEqual(await compute(graph, loss, [x], { x: vector(1, 2, 3, 4) }), [[3, 4, 1, 2]]);
  });

  it('refuses a node without a rule by name and operator, and only where the loss depends on it', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [3]);
    graph.op('Hardmax', [x], {}, { name: 'beside' });
    const unused = graph.op('Relu', [x]);
    const blocked = graph.op('Hardmax', [graph.op('Hardmax', [x], {}, { name: 'first' })], {}, { name: 'second' });
    const loss = sum(graph, blocked);
    assert.throws(
      () => gradients(graph, loss, [x]),
      (error) =>
        error instanceof DistilleryError &&
        error.code === 'UNSUPPORTED' &&
        error.message.includes("'second'") &&
        error.message.includes('Hardmax'),
    );
    assert.deepEqual(
      nodesWithoutRule(graph, [loss], [x]).map((node) => node.name),
      ['second', 'first'],
    );
    assert.deepEqual(nodesWithoutRule(graph, [unused], [x]), []);
  });

  it('refuses a nested graph that reads a parameter', () => {
    const graph = new Graph();
    const weight = graph.initializer('weight', floatTensor([1, 2]));
    const condition = graph.input('condition', 'bool', []);
    const branch = { kind: 'graph', bytes: new Uint8Array(), captures: ['weight'] } as const;
    const chosen = graph.op(
      'If',
      [condition],
      { then_branch: branch, else_branch: branch },
      { results: [{ type: 'float32', shape: [2] }], name: 'choice' },
    );
    assert.throws(() => gradients(graph, sum(graph, chosen), [weight]), /'choice'.*If/);
  });

  it('refuses a loss of several elements', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    assert.throws(() => gradients(graph, graph.op('Relu', [x]), [x]), /reduce it/);
  });

  it('leaves integer parameters of a node alone', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 2]);
    const exponent = graph.initializer('exponent', intTensor([3, 2]));
    const loss = sum(graph, graph.op('Pow', [x, exponent]));
    assert.deepEqual(await compute(graph, loss, [x], { x: arrayOf([2, 2], [1, 2, -1, 3]) }), [[3, 4, 3, 6]]);
  });
});
