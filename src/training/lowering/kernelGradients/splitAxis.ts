import { reshape, transpose } from '../../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';

/**
 * Every `stride`-th entry of an axis, from the first on, from the second on, …: `stride` values. Columns are taken apart by
 * one transposition of the whole, because ONNX Runtime's CPU provider takes ten times as long to pick them out.
 *
 * @param value the size of its axis is a multiple of the stride
 */
export function splitAxis(graph: Graph, value: Value, axis: number, stride: number): Value[] {
  if (stride === 1) return [value];
  const shape = dimensionsOf(value);
  const run = elementCount(shape.slice(axis + 1));
  const rows = reshape(graph, value, [-1, stride * run]);
  const names = Array.from({ length: stride }, () => graph.freshName('part'));
  const parts = graph.node(
    'Split',
    [run === 1 ? transpose(graph, rows, [1, 0]) : rows, graph.integers(names.map(() => run))],
    { attributes: { axis: int(run === 1 ? 0 : 1) }, outputs: names },
  );
  const size = (shape[axis] ?? 1) / stride;
  return parts.flatMap((part) => (part ? [reshape(graph, part, shape.with(axis, size))] : []));
}
