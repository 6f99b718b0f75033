// Ways to write the gradient of Gather (src/autodiff/rules/gathering.ts): rows of an embedding that come back to it.
// ScatterND stands here for its time only: with several threads it loses updates where an index comes twice.
import { int, text, type Graph } from '../../src/onnx/graph.ts';
import type { Value } from '../../src/onnx/node.ts';
import { compare } from './measure.ts';

async function compareFor(vocabulary: number, width: number, tokens: number): Promise<void> {
  const ids = (graph: Graph, x: Value | undefined) => graph.op('Cast', [x], { to: int(7) });
  const zeros = (graph: Graph) => graph.op('Expand', [graph.scalar(0), graph.integers([vocabulary, width])]);
  await compare(
    `Gather backward, ${tokens} of ${vocabulary} rows of ${width}`,
    [{ shape: [tokens, width] }, { shape: [tokens], element: (position) => (position * 7919) % vocabulary }],
    [
      {
        name: 'ScatterND(add)',
        build: (graph, [g, x]) =>
          graph.op('ScatterND', [zeros(graph), graph.op('Unsqueeze', [ids(graph, x), graph.integers([1])]), g], {
            reduction: text('add'),
          }),
      },
      {
        name: 'ScatterElements(add)',
        build: (graph, [g, x]) => {
          const column = graph.op('Unsqueeze', [ids(graph, x), graph.integers([1])]);
          const spread = graph.op('Expand', [column, graph.integers([tokens, width])]);
          return graph.op('ScatterElements', [zeros(graph), spread, g], { reduction: text('add'), axis: int(0) });
        },
      },
      {
        name: 'OneHotᵀ · g',
        build: (graph, [g, x]) => {
          const hot = graph.op('OneHot', [
            ids(graph, x),
            graph.integers([vocabulary]),
            graph.constant({ type: 'float32', shape: [2], data: Float32Array.of(0, 1) }),
          ]);
          return graph.op('Gemm', [hot, g], { transA: int(1) });
        },
      },
    ],
  );
}

await compareFor(30_522, 256, 32 * 128);
await compareFor(512, 256, 32 * 128);
