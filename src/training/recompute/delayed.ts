import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { castTo } from '../precision/castTo.ts';

/** An int64 zero [1] that is known when `value` is, a float of any shape. */
export function zeroFrom(graph: Graph, value: Value): Value {
  const first = graph.op('Gather', [graph.op('Reshape', [value, graph.integers([-1])]), graph.integers([0])]);
  return graph.op('Mul', [castTo(graph, first, 'int64'), graph.integers([0])]);
}

/**
 * The same tensor, but only once a zero is known (`zeroFrom`): it gets an axis whose place is that zero, and loses it again. Without that,
 * nodes that compute something again would be merged with the first ones, or computed at once.
 */
export function delayed(graph: Graph, value: Value, zero: Value): Value {
  const { type, shape } = value;
  const unsqueezed = graph.op('Unsqueeze', [value, zero], {}, { results: [{ type, shape: [1, ...shape] }] });
  return graph.op('Squeeze', [unsqueezed, graph.integers([0])]);
}
