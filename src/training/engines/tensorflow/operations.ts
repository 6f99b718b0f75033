import type { Graph } from '../../../onnx/graph.ts';
import type { Operations } from './nodeCall.ts';
import { activation } from './operations/activation.ts';
import { arithmetic } from './operations/arithmetic.ts';
import { convolutions } from './operations/convolution.ts';
import { linear } from './operations/linear.ts';
import { normalization } from './operations/normalization.ts';
import { pooling } from './operations/pooling.ts';
import { reduction } from './operations/reduction.ts';
import { selection } from './operations/selection.ts';
import { shaping } from './operations/shaping.ts';
import { softmax } from './operations/softmax.ts';

/** Every operator that the TensorFlow engine computes. */
export const operations: Operations = {
  ...activation,
  ...arithmetic,
  ...convolutions,
  ...linear,
  ...normalization,
  ...pooling,
  ...reduction,
  ...selection,
  ...shaping,
  ...softmax,
};

/** Operators of a graph that the TensorFlow engine does not have; nodes whose result is known need none. */
export function missingOperators(graph: Graph): string[] {
  const missing = graph.nodes.filter((node) => {
    const [first] = node.outputs;
    const isKnown = first !== undefined && first.type !== 'float32' && graph.known.has(first.name);
    return !isKnown && (node.domain !== '' || !Object.hasOwn(operations, node.operator));
  });
  return [...new Set(missing.map(({ domain, operator }) => (domain ? `${domain}.${operator}` : operator)))];
}
