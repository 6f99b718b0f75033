// Ways to write the gradient of MaxPool (src/autodiff/rules/maxPool.ts): what each input element gets back.
import { int, ints, text, type Graph, type Value } from '../../src/onnx/graph.ts';
import { compare, type Candidate } from './measure.ts';

const input = [64, 64, 32, 32];
const output = [64, 64, 16, 16];
const total = 64 * 64 * 32 * 32;
const float = (shape: readonly number[]) => [{ type: 'float32', shape }] as const;

const zeros = (graph: Graph, shape: readonly number[]) => graph.op('Expand', [graph.scalar(0), graph.integers(shape)]);
const reshape = (graph: Graph, value: Value | undefined, shape: readonly number[]) =>
  graph.op('Reshape', [value, graph.integers(shape)]);

function indices(graph: Graph, x: Value | undefined, attributes: Record<string, number[]>): Value {
  const [, index] = graph.node('MaxPool', [x], {
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, ints(value)])),
    outputs: ['', graph.freshName('indices')].map((name) => name || graph.freshName('pooled')),
    results: [
      { type: 'float32', shape: output },
      { type: 'int64', shape: output },
    ],
  });
  if (!index) throw new Error('MaxPool made no indices.');
  return index;
}

const scatter = (name: string, attributes: Record<string, number[]>): Candidate[] => [
  {
    name: `${name}: MaxPool with indices alone`,
    build: (graph, [x]) => graph.op('Cast', [indices(graph, x, attributes)], { to: int(1) }),
  },
  {
    name: `${name}: indices + ScatterElements(add)`,
    build: (graph, [x, g]) => {
      const flat = reshape(graph, indices(graph, x, attributes), [-1]);
      const updates = reshape(graph, g, [-1]);
      return graph.op('ScatterElements', [zeros(graph, [total]), flat, updates], { reduction: text('add') });
    },
  },
  {
    name: `${name}: indices + ScatterND(add)`,
    build: (graph, [x, g]) => {
      const flat = reshape(graph, indices(graph, x, attributes), [-1, 1]);
      const updates = reshape(graph, g, [-1]);
      return graph.op('ScatterND', [zeros(graph, [total]), flat, updates], { reduction: text('add') });
    },
  },
];

const two = { kernel_shape: [2, 2], strides: [2, 2] };
await compare(
  'MaxPool 2×2, stride 2, backward, [64, 64, 32, 32]',
  [{ shape: input }, { shape: output }, { shape: output }],
  [
    { name: 'forward', build: (graph, [x]) => indicesFree(graph, x) },
    ...scatter('2×2', two),
    {
      name: 'indices + ScatterElements(none)',
      build: (graph, [x, g]) => {
        const flat = reshape(graph, indices(graph, x, two), [-1]);
        return graph.op('ScatterElements', [zeros(graph, [total]), flat, reshape(graph, g, [-1])]);
      },
    },
    {
      name: 'indices + ScatterND(none)',
      build: (graph, [x, g]) => {
        const flat = reshape(graph, indices(graph, x, two), [-1, 1]);
        return graph.op('ScatterND', [zeros(graph, [total]), flat, reshape(graph, g, [-1])]);
      },
    },
    {
      name: 'indices + MaxUnpool',
      build: (graph, [x, g]) =>
        graph.op(
          'MaxUnpool',
          [g, indices(graph, x, two), graph.integers(input)],
          {
            kernel_shape: ints([2, 2]),
            strides: ints([2, 2]),
          },
          { results: float(input) },
        ),
    },
    {
      name: 'compare in 6 dimensions, ties share',
      build: (graph, [x, g, y]) => {
        const wide = reshape(graph, x, [64, 64, 16, 2, 16, 2]);
        const narrow = (value: Value | undefined) => reshape(graph, value, [64, 64, 16, 1, 16, 1]);
        const mask = graph.op('Cast', [graph.op('Equal', [wide, narrow(y)])], { to: int(1) });
        return graph.op('Mul', [mask, narrow(g)]);
      },
    },
    { name: 'slices, first of equal', build: (graph, [x, g, y]) => sliced(graph, x, g, y) },
  ],
);

const three = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
await compare(
  'MaxPool 3×3, stride 2, padding 1, backward, [64, 64, 32, 32]',
  [{ shape: input }, { shape: output }, { shape: output }],
  scatter('3×3', three),
);

function indicesFree(graph: Graph, x: Value | undefined): Value {
  return graph.op('MaxPool', [x], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
}

/** Per place in the window: its elements, those that are the maximum and come first, interleaved again. */
function sliced(graph: Graph, x: Value | undefined, g: Value | undefined, y: Value | undefined): Value {
  const rows: Value[] = [];
  let left: Value | undefined;
  for (let row = 0; row < 2; row++) {
    const columns: Value[] = [];
    for (let column = 0; column < 2; column++) {
      const part = graph.op('Slice', [
        x,
        graph.integers([row, column]),
        graph.integers([32, 32]),
        graph.integers([2, 3]),
        graph.integers([2, 2]),
      ]);
      const mask = graph.op('Cast', [graph.op('Equal', [part, y])], { to: int(1) });
      const mine = left ? graph.op('Mul', [mask, left]) : mask;
      left = left ? graph.op('Sub', [left, mine]) : graph.op('Sub', [graph.scalar(1), mask]);
      columns.push(reshape(graph, graph.op('Mul', [mine, g]), [64, 64, 16, 16, 1]));
    }
    rows.push(reshape(graph, graph.op('Concat', columns, { axis: int(4) }), [64, 64, 16, 1, 32]));
  }
  return reshape(graph, graph.op('Concat', rows, { axis: int(3) }), input);
}
