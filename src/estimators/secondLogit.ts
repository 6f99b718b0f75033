import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';

/** Logits of two classes from the log-odds of the second, [batch, 1]: 0 and they. */
export function appendSecondLogit(graph: Graph, odds: Value): Value {
  return graph.op('Concat', [graph.op('Mul', [odds, graph.scalar(0)]), odds], { axis: int(1) });
}

/** The same of numbers. */
export function withSecondLogit(odds: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * odds.length }, (_, index) => (index % 2 === 0 ? 0 : (odds[index >> 1] ?? 0)));
}
