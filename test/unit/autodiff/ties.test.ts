import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { Graph, int, ints, text } from '../../../src/onnx/graph.ts';
import type { Value } from '../../../src/onnx/node.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';

/** Gradients of Σ weights ⊙ f(x) in ONNX Runtime, at points where f has no derivative. */
async function at(
  shape: readonly number[],
  x: readonly number[],
  build: (graph: Graph, x: Value) => Value,
  weights?: readonly number[],
): Promise<number[]> {
  const graph = new Graph();
  const input = graph.input('x', 'float32', shape);
  const output = build(graph, input);
  const weighted = weights
    ? graph.op('Mul', [output, graph.constant(floatTensor(weights, output.shape as number[]))])
    : output;
  const loss = graph.op('ReduceSum', [weighted], { keepdims: int(0) });
  const [gradient] = gradients(graph, loss, [input]);
  graph.output(gradient!, 'gradient');
  const results = await runGraph(graph, new Map([['x', arrayOf(shape, x)]]));
  return [...results.get('gradient')!.data];
}

const unary = (operator: string) => (graph: Graph, x: Value) => graph.op(operator, [x]);

describe('gradients at kinks and ties', () => {
  it('Relu: 0 at 0 and −0', async () => {
    assert.deepEqual(await at([4], [0, -0, 1, -1], unary('Relu')), [0, 0, 1, 0]);
  });

  it('Abs and ReduceL1: 0 at 0 and −0', async () => {
    assert.deepEqual(await at([4], [0, -0, 3, -3], unary('Abs')), [0, 0, 1, -1]);
    assert.deepEqual(await at([4], [0, -0, 3, -3], unary('ReduceL1')), [0, 0, 1, -1]);
  });

  it('ReduceL2: 0 where all elements are 0', async () => {
    assert.deepEqual(await at([2, 2], [0, 0, 3, 4], (graph, x) => graph.op('ReduceL2', [x, graph.integers([1])])), [
      0,
      0,
      Math.fround(0.6),
      Math.fround(0.8),
    ]);
  });

  it('Clip: the bounds themselves pass the gradient', async () => {
    const clip = (graph: Graph, x: Value) => graph.op('Clip', [x, graph.scalar(-1), graph.scalar(1)]);
    assert.deepEqual(await at([5], [-2, -1, 0, 1, 2], clip), [0, 1, 1, 1, 0]);
  });

  it('ScatterElements and ScatterND, the largest of each place: those that are it share alike, the old one among them', async () => {
    const elements = (graph: Graph, x: Value) => {
      const data = graph.constant(floatTensor([2, 5, 0]));
      return graph.op('ScatterElements', [data, graph.integers([0, 0, 1, 2]), x], { reduction: text('max') });
    };
    assert.deepEqual(await at([4], [2, 2, 4, 1], elements, [3, 1, 1]), [1, 1, 0, 1]);
    const rows = (graph: Graph, x: Value) => {
      const indices = graph.constant(intTensor([1, 1], [2, 1]));
      return graph.op('ScatterND', [graph.constant(floatTensor([0, 0, 9, 9], [2, 2])), indices, x], {
        reduction: text('min'),
      });
    };
    assert.deepEqual(await at([2, 2], [3, 4, 3, 5], rows, [1, 1, 1, 1]), [0.5, 1, 0.5, 0]);
  });

  it('Max and Min: the first of equal inputs gets all', async () => {
    const pairs = (operator: string) => (graph: Graph, x: Value) => {
      const rows = graph.node('Split', [x], { attributes: { num_outputs: int(3) }, outputs: ['a', 'b', 'c'] });
      return graph.op(operator, rows);
    };
    assert.deepEqual(await at([3, 2], [1, 0, 1, 2, 1, 2], pairs('Max')), [1, 0, 0, 1, 0, 0]);
    assert.deepEqual(await at([3, 2], [1, 2, 1, 0, 0, -0], pairs('Min')), [0, 0, 0, 1, 1, 0]);
  });

  it('ReduceMax, ReduceMin and GlobalMaxPool: equal extremes share evenly', async () => {
    const over = (operator: string) => (graph: Graph, x: Value) => graph.op(operator, [x, graph.integers([1])]);
    assert.deepEqual(
      await at([2, 4], [5, 5, 1, 5, 0, -0, -1, -2], over('ReduceMax'), [3, 2]),
      [1, 1, 0, 1, 1, 1, 0, 0],
    );
    assert.deepEqual(await at([1, 2], [7, 7], over('ReduceMin')), [0.5, 0.5]);
    assert.deepEqual(await at([1, 1, 2, 2], [4, 4, 4, 4], unary('GlobalMaxPool'), [4]), [1, 1, 1, 1]);
  });

  it('MaxPool: the first of equal elements in row-major order gets all', async () => {
    const pool = (graph: Graph, x: Value) =>
      graph.op('MaxPool', [x], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
    // Windows: all equal; equal in the second column; equal on a diagonal; zeros of both signs.
    assert.deepEqual(
      await at([1, 1, 4, 4], [1, 1, 0, 2, 1, 1, 0, 2, 0, 5, -0, 0, 5, 0, 0, -0], pool, [10, 20, 30, 40]),
      [10, 0, 0, 20, 0, 0, 0, 0, 0, 30, 40, 0, 0, 0, 0, 0],
    );
  });

  it('MaxPool: overlapping padded windows over equal elements', async () => {
    const pool = (graph: Graph, x: Value) =>
      graph.op('MaxPool', [x], { kernel_shape: ints([3, 3]), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) });
    // The four windows begin at (−1, −1), (−1, 1), (1, −1) and (1, 1); their first elements within the image:
    assert.deepEqual(
      await at([1, 1, 3, 3], [7, 7, 7, 7, 7, 7, 7, 7, 7], pool, [1, 2, 3, 4]),
      [1, 2, 0, 3, 4, 0, 0, 0, 0],
    );
  });
});
