import type { Rewrite } from '../../onnx/copy.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { elementCount, toNumbers } from '../../onnx/tensor.ts';
import type { Readers } from '../../onnx/readers.ts';

/** Rows of fewer elements are multiplied and summed faster apart. */
const shortestRow = 512;

/**
 * Replaces a sum over the last axis of a product of two values by dot products of their rows, which do not write the product out.
 * The product itself stays in the graph, unread.
 *
 * @param readers of the graph that is rewritten: who else reads the product
 */
export function multiplyRows(graph: Graph, readers: Readers): Rewrite {
  return (node, [sum, axes]) => {
    const rows = node.operator === 'ReduceSum' && node.domain === '' && sum && rowsOf(graph, sum, axes);
    if (!rows) return undefined;
    const product = viewedProduct(graph, sum, readers);
    if (!product) return undefined;
    const [left, right] = product.inputs;
    if (!left || !right || left.shape.join() !== right.shape.join()) return undefined;
    const [count, length] = rows;
    const asRow = (value: Value) => graph.op('Reshape', [value, graph.integers([count, 1, length])]);
    const dots = graph.op(
      'FusedMatMul',
      [asRow(left), asRow(right)],
      { transB: int(1) },
      { domain: 'com.microsoft', results: [{ type: 'float32', shape: [count, 1, 1] }] },
    );
    const shape = node.outputs[0]?.shape.map(Number) ?? [];
    return [graph.op('Reshape', [dots, graph.integers(shape)], {}, { outputs: [node.outputs[0]?.name ?? ''] })];
  };
}

/** Number of rows and their length when the node sums over the last axis alone, and rows are long enough. */
function rowsOf(graph: Graph, value: Value, axes: Value | undefined): [number, number] | undefined {
  const shape = dimensionsOf(value);
  const known = axes && graph.known.get(axes.name);
  const [axis, ...others] = known ? toNumbers(known) : [];
  const length = shape.at(-1) ?? 1;
  if (value.type !== 'float32' || others.length > 0 || axis !== shape.length - 1 || length < shortestRow)
    return undefined;
  return [elementCount(shape) / length, length];
}

/** The multiplication that made a value, seen through a Reshape, if nobody else reads it. */
function viewedProduct(graph: Graph, value: Value, readers: Readers): Node | undefined {
  if (readers.get(value.name) !== 1) return undefined;
  const producer = graph.producer(value);
  const [viewed] = producer?.inputs ?? [];
  if (producer?.operator === 'Reshape' && viewed) return viewedProduct(graph, viewed, readers);
  return producer?.operator === 'Mul' ? producer : undefined;
}
