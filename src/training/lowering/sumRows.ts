import { reshape } from '../../autodiff/layout.ts';
import type { Rewrite } from '../../onnx/copy.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount, floatTensor, toNumbers } from '../../onnx/tensor.ts';

/**
 * Replaces sums over the first axes by products with a row of ones. What ONNX Runtime's CPU provider has for such sums takes half as long
 * again with one thread, and with two up to seven times as long, since its threads share the columns in pieces that are too small.
 */
export function sumRows(graph: Graph): Rewrite {
  return (node, [value, axes]) => {
    const [output] = node.outputs;
    const known = axes && graph.known.get(axes.name);
    if (node.operator !== 'ReduceSum' || node.domain !== '' || value?.type !== 'float32' || !known || !output)
      return undefined;
    const summed = toNumbers(known);
    const length = elementCount(value.shape.slice(summed.length).map(Number));
    if (summed.length === 0 || summed.some((axis, index) => axis !== index) || length === 1) return undefined;
    const sum = buildRowSum(graph, value, summed.length);
    return [graph.op('Reshape', [sum, graph.integers(output.shape.map(Number))], {}, { outputs: [output.name] })];
  };
}

/** The sum over the first axes as a matrix of one row, [1, …]. */
export function buildRowSum(graph: Graph, value: Value, axes: number): Value {
  const shape = dimensionsOf(value);
  const rows = elementCount(shape.slice(0, axes));
  const ones = graph.constant(floatTensor(new Float32Array(rows).fill(1), [1, rows]));
  return graph.op('MatMul', [ones, reshape(graph, value, [rows, elementCount(shape.slice(axes))])]);
}
