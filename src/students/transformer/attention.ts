import { int, ints, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { Random } from '../initialize.ts';
import { appendDropout } from '../layers.ts';
import { appendLinear } from './linear.ts';

export interface AttentionLayer {
  readonly name: string;
  readonly heads: number;
  readonly dropout?: number | undefined;
  /** Added to the scores of every pair of tokens: [batch, 1, 1, length]. */
  readonly maskScores: Value;
}

/**
 * Appends multi-head self-attention (arXiv 1706.03762): softmax(Q Kᵀ / √d + mask) V per head, joined and mixed.
 * Weights: `query`, `key`, `value` and `output` below the layer's name.
 *
 * @param input [batch, length, hidden]; the heads divide `hidden`
 * @returns [batch, length, hidden]
 */
export function appendAttention(graph: Graph, input: Value, layer: AttentionLayer, random: Random): Value {
  const { name, heads, dropout, maskScores } = layer;
  const [length, hidden] = input.shape.slice(1).map(Number) as [number, number];
  const size = hidden / heads;
  const project = (part: 'query' | 'key' | 'value', order: readonly number[]): Value => {
    const projected = appendLinear(graph, input, { name: `${name}.${part}`, units: hidden }, random);
    const parts = graph.op('Reshape', [projected, graph.integers([0, length, heads, size])]);
    return graph.op('Transpose', [parts], { perm: ints(order) });
  };
  const query = project('query', [0, 2, 1, 3]);
  const key = project('key', [0, 2, 3, 1]);
  const value = project('value', [0, 2, 1, 3]);
  const scores = graph.op('Div', [graph.op('MatMul', [query, key]), graph.scalar(Math.sqrt(size))]);
  const weights = graph.op('Softmax', [graph.op('Add', [scores, maskScores])], { axis: int(-1) });
  const mixed = graph.op('MatMul', [appendDropout(graph, weights, dropout, `${name}.weights`), value]);
  const joined = graph.op('Reshape', [
    graph.op('Transpose', [mixed], { perm: ints([0, 2, 1, 3]) }),
    graph.integers([0, length, hidden]),
  ]);
  return appendLinear(graph, joined, { name: `${name}.output`, units: hidden }, random);
}
