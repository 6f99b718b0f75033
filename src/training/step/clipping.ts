import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';

/** Keeps the division by a norm of 0 finite; the same as PyTorch's `clip_grad_norm_`. */
const EPSILON = 1e-6;

/**
 * Adds nodes for the factor, a scalar, that brings the norm of all gradients together down to at most `clipNorm` (Pascanu
 * et al., arXiv 1211.5063): min(1, clipNorm / (‖g‖ + 1e-6)).
 *
 * @param norm of all gradients together
 * @param clipNorm above 0
 */
export function buildClipFactor(graph: Graph, norm: Value, clipNorm: number): Value {
  const factor = graph.op('Div', [graph.scalar(clipNorm), graph.op('Add', [norm, graph.scalar(EPSILON)])]);
  return graph.op('Min', [factor, graph.scalar(1)]);
}
