import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';

/** What a node makes of a weight: a matrix or table of features, or numbers that are added or multiplied one by one. */
type Use = 'matrix' | 'vector';

/** The use of each input that is a weight, by operator. */
const uses: Readonly<Record<string, Readonly<Record<number, Use>>>> = {
  BatchNormalization: { 1: 'vector', 2: 'vector' },
  Conv: { 1: 'matrix', 2: 'vector' },
  ConvTranspose: { 1: 'matrix', 2: 'vector' },
  Gather: { 0: 'matrix' },
  Gemm: { 0: 'matrix', 1: 'matrix', 2: 'vector' },
  GroupNormalization: { 1: 'vector', 2: 'vector' },
  GRU: { 1: 'matrix', 2: 'matrix', 3: 'vector', 5: 'vector' },
  InstanceNormalization: { 1: 'vector', 2: 'vector' },
  LayerNormalization: { 1: 'vector', 2: 'vector' },
  LSTM: { 1: 'matrix', 2: 'matrix', 3: 'vector', 5: 'vector', 6: 'vector', 7: 'vector' },
  MatMul: { 0: 'matrix', 1: 'matrix' },
  PRelu: { 1: 'vector' },
  RMSNormalization: { 1: 'vector' },
  SimplifiedLayerNormalization: { 1: 'vector' },
  RNN: { 1: 'matrix', 2: 'matrix', 3: 'vector', 5: 'vector' },
};

/** Operators that hand a weight on in another shape, as a part or as a whole. */
const passing: ReadonlySet<string> = new Set(
  'Cast Expand Flatten Identity Reshape Slice Split Squeeze Transpose Unsqueeze'.split(' '),
);

/**
 * Names of the initializers of float32 on which weight decay does not act: biases, scales of normalisations, slopes. That is
 * decided by the nodes that read them, whatever their shape: the biases of a recurrent layer and the slopes of a PRelu for
 * images have several axes. What is added or multiplied element by element is one where it varies along one axis only;
 * embeddings of positions are not.
 */
export function undecayedWeights(graph: Graph): ReadonlySet<string> {
  const readers = new Map<string, { readonly node: Node; readonly index: number }[]>();
  for (const node of graph.nodes) {
    node.inputs.forEach((input, index) => {
      if (input) readers.set(input.name, [...(readers.get(input.name) ?? []), { node, index }]);
    });
  }
  const usesOf = (name: string): readonly Use[] =>
    (readers.get(name) ?? []).flatMap(({ node, index }) => {
      if (node.domain === '' && passing.has(node.operator) && index === 0) {
        return node.outputs.flatMap((output: Value | undefined) => (output ? usesOf(output.name) : []));
      }
      return (node.domain === '' ? uses[node.operator]?.[index] : undefined) ?? [];
    });
  return new Set(
    [...graph.initializers].flatMap(([name, { type, shape }]) => {
      if (type !== 'float32') return [];
      const found = usesOf(name);
      if (found.includes('matrix')) return [];
      return found.length > 0 || shape.filter((size) => size > 1).length < 2 ? [name] : [];
    }),
  );
}
