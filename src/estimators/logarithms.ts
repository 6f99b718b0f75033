import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';

/** Below it, a probability counts as this: scikit-learn's clip for float32. */
const LEAST = 2 ** -23;

/** Logits whose softmax the probabilities are. */
export function logitsOf(probabilities: ArrayLike<number>): Float32Array {
  return Float32Array.from(probabilities, (each) => Math.log(Math.max(each, LEAST)));
}

/** The same in a graph. */
export function appendLogits(graph: Graph, probabilities: Value): Value {
  return graph.op('Log', [graph.op('Max', [probabilities, graph.scalar(LEAST)])]);
}
