// Ways to write the gradient of MaxPool (src/autodiff/rules/maxPool.ts): what each input element gets back.
import { gradientRules } from '../../src/autodiff/registry.ts';
import { int, ints, text, type Graph } from '../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../src/onnx/node.ts';
import { compare, type Candidate } from './measure.ts';

const input = [64, 64, 32, 32];
const output = [64, 64, 16, 16];
const total = 64 * 64 * 32 * 32;

const reshape = (graph: Graph, value: Value | undefined, shape: readonly number[]) =>
  graph.op('Reshape', [value, graph.integers(shape)]);

function indicesOf(graph: Graph, x: Value | undefined, attributes: Attributes): Value {
  const outputs = [graph.freshName('pooled'), graph.freshName('indices')];
  const [, indices] = graph.node('MaxPool', [x], { attributes, outputs });
  if (!indices) throw new Error('MaxPool made no indices.');
  return indices;
}

const candidates = (attributes: Attributes): Candidate[] => [
  { name: 'the forward pool', build: (graph, [x]) => graph.op('MaxPool', [x], attributes) },
  {
    name: 'the pool with its indices',
    build: (graph, [x]) => graph.op('Cast', [indicesOf(graph, x, attributes)], { to: int(1) }),
  },
  {
    name: 'indices, scattered by ScatterElements(add)',
    build: (graph, [x, g]) => {
      const zeros = graph.op('Expand', [graph.scalar(0), graph.integers([total])]);
      const flat = reshape(graph, indicesOf(graph, x, attributes), [-1]);
      return graph.op('ScatterElements', [zeros, flat, reshape(graph, g, [-1])], { reduction: text('add') });
    },
  },
  {
    name: 'the rule: one axis after the other',
    build: (graph, [x, g, y]) => {
      const node = { name: 'pool', operator: 'MaxPool', domain: '', inputs: [x], outputs: [y], attributes };
      const [gradient] = gradientRules.get('MaxPool')?.({ graph, node, outputGradients: [g], needs: () => true }) ?? [];
      if (!gradient) throw new Error('The rule made no gradient.');
      return gradient;
    },
  },
];

const tensors = [{ shape: input }, { shape: output }, { shape: output }];
const twoByTwo = { kernel_shape: ints([2, 2]), strides: ints([2, 2]) };
await compare('MaxPool 2×2, stride 2, backward, [64, 64, 32, 32]', tensors, [
  ...candidates(twoByTwo),
  {
    name: 'indices, placed by MaxUnpool',
    build: (graph, [x, g]) =>
      graph.op('MaxUnpool', [g, indicesOf(graph, x, twoByTwo), graph.integers(input)], twoByTwo, {
        results: [{ type: 'float32', shape: input }],
      }),
  },
  {
    name: 'compared in six dimensions, equal elements sharing',
    build: (graph, [x, g, y]) => {
      const narrow = (value: Value | undefined) => reshape(graph, value, [64, 64, 16, 1, 16, 1]);
      const wide = reshape(graph, x, [64, 64, 16, 2, 16, 2]);
      return graph.op('Mul', [graph.op('Cast', [graph.op('Equal', [wide, narrow(y)])], { to: int(1) }), narrow(g)]);
    },
  },
]);
await compare(
  'MaxPool 3×3, stride 2, padding 1, backward, [64, 64, 32, 32]',
  tensors,
  candidates({ kernel_shape: ints([3, 3]), strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) }),
);
