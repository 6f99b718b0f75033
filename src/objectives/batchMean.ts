import { dimensionsOf, int, type Graph, type Value } from '../onnx/graph.ts';

/**
 * `factor` · (1/B) Σ over all elements: the sum within a sample, the mean over the batch. A mean over elements would
 * make a loss C times too small, the most common mistake in distillation code.
 *
 * @param elements [B, …]
 * @returns a scalar
 */
export function batchMean(graph: Graph, elements: Value, factor: number): Value {
  const [batch = 1] = dimensionsOf(elements);
  const sum = graph.op('ReduceSum', [elements], { keepdims: int(0) });
  return graph.op('Mul', [sum, graph.scalar(factor / batch)]);
}
