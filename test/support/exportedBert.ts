import { randomStream } from '../../src/data/random.ts';
import { Graph, int, ints } from '../../src/onnx/graph.ts';
import type { Value } from '../../src/onnx/node.ts';
import { intTensor } from '../../src/onnx/tensor.ts';
import { normal } from '../../src/students/initialize.ts';

export interface BertSize {
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  readonly length: number;
  readonly vocabulary: number;
  /** Layers are normalised before their parts and not after their sums. */
  readonly normalizedFirst?: boolean;
}

/**
 * A BERT as exporters write it: matrices without names that tell anything, one of them transposed in the graph and others
 * multiplied as they are, layer normalisation and GELU written out in elementary operators, positions looked up, token
 * types, a pooler. Its outputs are `last_hidden_state` and `pooled`.
 */
export function exportedBert(size: BertSize): Graph {
  const { layers, heads, hidden, length, vocabulary, normalizedFirst = false } = size;
  const graph = new Graph();
  const random = randomStream(11, 'bert');
  let count = 100;
  const weight = (...shape: number[]): Value =>
    graph.initializer(`onnx::MatMul_${count++}`, normal(random, shape, shape.length > 1 ? 0.4 : 0.2));
  const op = (operator: string, ...inputs: Value[]): Value => graph.op(operator, inputs);
  const scalar = (value: number): Value => graph.scalar(value);
  const linear = (x: Value, units: number): Value =>
    op('Add', weight(units), op('MatMul', x, weight(hiddenOf(x), units)));
  const turned = (x: Value, units: number): Value => {
    const matrix = graph.op('Transpose', [weight(units, hiddenOf(x))], { perm: ints([1, 0]) });
    return op('Add', op('MatMul', x, matrix), weight(units));
  };
  const normalize = (x: Value): Value => {
    const mean = (value: Value): Value => graph.op('ReduceMean', [value, graph.integers([-1])]);
    const centred = op('Sub', x, mean(x));
    const variance = mean(op('Pow', centred, scalar(2)));
    const unit = op('Div', centred, op('Sqrt', op('Add', variance, scalar(1e-12))));
    return op('Add', op('Mul', unit, weight(hidden)), weight(hidden));
  };
  const gelu = (x: Value): Value => {
    const erf = op('Add', op('Erf', op('Div', x, scalar(Math.SQRT2))), scalar(1));
    return op('Mul', op('Mul', x, erf), scalar(0.5));
  };
  const split = (x: Value, order: number[]): Value => {
    const parts = op('Reshape', x, graph.integers([0, length, heads, hidden / heads]));
    return graph.op('Transpose', [parts], { perm: ints(order) });
  };

  const [ids, types, mask] = ['input_ids', 'token_type_ids', 'attention_mask'].map((name) =>
    graph.input(name, 'int64', ['batch', length]),
  ) as [Value, Value, Value];
  const words = graph.op('Gather', [weight(vocabulary, hidden), ids]);
  const kinds = graph.op('Gather', [weight(2, hidden), types]);
  const order = graph.constant(
    intTensor(
      Array.from({ length }, (_, position) => position),
      [1, length],
    ),
  );
  // More positions than a text has.
  const positions = graph.op('Gather', [weight(length + 3, hidden), order]);
  let x = op('Add', op('Add', words, kinds), positions);
  if (!normalizedFirst) x = normalize(x);
  const seen = graph.op('Cast', [graph.op('Unsqueeze', [mask, graph.integers([1, 2])])], { to: int(1) });
  const scores = op('Mul', op('Sub', scalar(1), seen), scalar(-1e9));
  for (let layer = 0; layer < layers; layer++) {
    const read = normalizedFirst ? normalize(x) : x;
    const query = split(linear(read, hidden), [0, 2, 1, 3]);
    const value = split(linear(read, hidden), [0, 2, 1, 3]);
    const key = split(turned(read, hidden), [0, 2, 3, 1]);
    const scaled = op('Div', op('MatMul', query, key), scalar(Math.sqrt(hidden / heads)));
    const mixed = op('MatMul', graph.op('Softmax', [op('Add', scaled, scores)], { axis: int(-1) }), value);
    const joined = op(
      'Reshape',
      graph.op('Transpose', [mixed], { perm: ints([0, 2, 1, 3]) }),
      graph.integers([0, length, hidden]),
    );
    const middle = op('Add', turned(joined, hidden), x);
    const between = normalize(middle);
    const narrow = linear(gelu(linear(between, 4 * hidden)), hidden);
    x = normalizedFirst ? op('Add', narrow, middle) : normalize(op('Add', narrow, between));
  }
  graph.output(x, 'last_hidden_state');
  const first = graph.op('Gather', [x, graph.constant(intTensor(0))], { axis: int(1) });
  const pooler = [weight(hidden, hidden), weight(hidden)] as const;
  graph.output(op('Tanh', graph.op('Gemm', [first, ...pooler], { transB: int(1) })), 'pooled');
  return graph;
}

function hiddenOf(x: Value): number {
  return Number(x.shape.at(-1));
}
