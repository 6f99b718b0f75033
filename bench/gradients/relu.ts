// Ways to write the gradient of ReLU, g where y > 0 (src/autodiff/rules/piecewise.ts).
import { int } from '../../src/onnx/graph.ts';
import { compare } from './measure.ts';

const shape = [64, 64, 32, 32];
const bool = { results: [{ type: 'bool', shape }] } as const;
const float = { results: [{ type: 'float32', shape }] } as const;

await compare(
  `ReLU backward, [${shape.join(', ')}]`,
  [{ shape }, { shape, element: (position) => Math.max(0, Math.sin(position * 7.13)) }],
  [
    { name: 'Identity', build: (graph, [g]) => graph.op('Identity', [g]) },
    {
      name: 'Where(Greater(y, 0), g, 0)',
      build: (graph, [g, y]) =>
        graph.op('Where', [graph.op('Greater', [y, graph.scalar(0)], {}, bool), g, graph.scalar(0)], {}, float),
    },
    {
      name: 'Where(Cast(y, bool), g, 0)',
      build: (graph, [g, y]) =>
        graph.op('Where', [graph.op('Cast', [y], { to: int(9) }, bool), g, graph.scalar(0)], {}, float),
    },
    {
      name: 'Mul(g, Cast(Greater(y, 0)))',
      build: (graph, [g, y]) =>
        graph.op('Mul', [
          g,
          graph.op('Cast', [graph.op('Greater', [y, graph.scalar(0)], {}, bool)], { to: int(1) }, float),
        ]),
    },
    { name: 'Mul(g, Sign(y))', build: (graph, [g, y]) => graph.op('Mul', [g, graph.op('Sign', [y], {}, float)]) },
    {
      name: 'Mul(g, Ceil(Clip(y, 0, 1)))',
      build: (graph, [g, y]) =>
        graph.op('Mul', [
          g,
          graph.op('Ceil', [graph.op('Clip', [y, graph.scalar(0), graph.scalar(1)], {}, float)], {}, float),
        ]),
    },
    {
      name: 'Mul(g, Min(Mul(y, 2^127), 1))',
      build: (graph, [g, y]) =>
        graph.op('Mul', [g, graph.op('Min', [graph.op('Mul', [y, graph.scalar(2 ** 127)]), graph.scalar(1)])]),
    },
    {
      name: 'Mul(g, Clip(Mul(y, 2^127), 0, 1))',
      build: (graph, [g, y]) =>
        graph.op('Mul', [
          g,
          graph.op('Clip', [graph.op('Mul', [y, graph.scalar(2 ** 127)]), graph.scalar(0), graph.scalar(1)], {}, float),
        ]),
    },
  ],
);
