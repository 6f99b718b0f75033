import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { DistilleryError } from '../../../src/errors.ts';
import { Graph, int, text } from '../../../src/onnx/graph.ts';
import type { Value } from '../../../src/onnx/node.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';

/** Asserts that training through the node is refused with this reason, as one sentence that names the node. */
function refused(
  title: string,
  reason: RegExp,
  shape: readonly number[],
  build: (graph: Graph, x: Value, weight: (shape: readonly number[]) => Value) => Value,
): void {
  it(title, () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', shape);
    const weight = (of: readonly number[]) => graph.input(graph.freshName('weight'), 'float32', of);
    const loss = graph.op('ReduceSum', [build(graph, x, weight)], { keepdims: int(0) });
    assert.throws(
      () => gradients(graph, loss, [x]),
      (error) =>
        error instanceof DistilleryError &&
        error.code === 'UNSUPPORTED' &&
        error.message.startsWith("Node 'layer' (") &&
        reason.test(error.message) &&
        error.hint !== undefined,
    );
  });
}

const named = { name: 'layer' };

describe('forms of operators without a gradient', () => {
  refused('BatchNormalization in training mode', /training mode/, [2, 3], (graph, x, weight) => {
    const vectors = [1, 2, 3, 4].map(() => weight([3]));
    return graph.op('BatchNormalization', [x, ...vectors], { training_mode: int(1) }, named);
  });

  refused('Dropout in training mode', /training mode/, [2, 3], (graph, x) => {
    const training = graph.constant({ type: 'bool', shape: [], data: Uint8Array.of(1) });
    return graph.op('Dropout', [x, graph.scalar(0.5), training], {}, named);
  });

  refused('the mean of a LayerNormalization', /an output other than the first/, [2, 3], (graph, x, weight) => {
    const [, mean] = graph.node('LayerNormalization', [x, weight([3])], { ...named, outputs: ['y', 'mean'] });
    return mean!;
  });

  refused('Resize with antialiasing', /antialiasing/, [1, 1, 4, 4], (graph, x) => {
    const scales = graph.constant(floatTensor([1, 1, 0.5, 0.5]));
    return graph.op('Resize', [x, undefined, scales], { mode: text('linear'), antialias: int(1) }, named);
  });

  refused('ScatterElements with a product', /reduction mul/, [3], (graph, x, weight) =>
    graph.op('ScatterElements', [x, graph.integers([1]), weight([1])], { reduction: text('mul') }, named),
  );

  refused('Einsum over a diagonal', /diagonal/, [3, 3], (graph, x) =>
    graph.op('Einsum', [x], { equation: text('ii->i') }, named),
  );

  refused('LSTM with sequences of different lengths', /lengths/, [2, 1, 3], (graph, x, weight) => {
    const lengths = graph.constant({ type: 'int32', shape: [1], data: Int32Array.of(2) });
    const inputs = [x, weight([1, 8, 3]), weight([1, 8, 2]), undefined, lengths];
    return graph.op('LSTM', inputs, { hidden_size: int(2) }, named);
  });

  refused('GRU with activations of its own', /activations/, [2, 1, 3], (graph, x, weight) =>
    graph.op(
      'GRU',
      [x, weight([1, 6, 3]), weight([1, 6, 2])],
      { hidden_size: int(2), activations: { kind: 'strings', value: ['Sigmoid', 'Relu'] } },
      named,
    ),
  );
});
