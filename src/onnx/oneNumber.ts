import type { Graph } from './graph.ts';
import type { Node, Value } from './node.ts';

/** Operators that hand one number for each sample on, in another shape or type at most. */
const OF_ONE_NUMBER: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Squeeze',
  'Unsqueeze',
  'Reshape',
  'Flatten',
  'QuantizeLinear',
  'DequantizeLinear',
]);

/**
 * The node that computes a value, but for nodes that hand it on; undefined for an input or an initializer.
 *
 * @param value where it is one number for each sample, nodes that only change its shape or type are passed over, too
 */
export function lastComputation(graph: Graph, value: Value): Node | undefined {
  const passed = isOneNumber(value) ? OF_ONE_NUMBER : new Set(['Identity']);
  let node = graph.producer(value);
  while (node && node.domain === '' && passed.has(node.operator) && node.inputs[0]) {
    node = graph.producer(node.inputs[0]);
  }
  return node;
}

/** Whether a value is one number for each sample: [batch, 1] or [batch]; or [], where a batch of one was squeezed away. */
export function isOneNumber({ shape }: Pick<Value, 'shape'>): boolean {
  return shape.length < 2 || (shape.length === 2 && shape[1] === 1);
}

/** One number for each sample, of any shape, as [batch, 1]. */
export function asColumn(graph: Graph, value: Value): Value {
  return value.shape.length === 2 ? value : graph.op('Reshape', [value, graph.integers([-1, 1])]);
}
