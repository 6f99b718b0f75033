import type { Graph, Node, Value } from '../onnx/graph.ts';

/** What a gradient rule works with: the forward node, and the gradient of the loss with respect to each of its outputs. */
export interface GradientContext {
  /** The graph that the backward nodes are added to; the forward nodes are in it already. */
  readonly graph: Graph;
  readonly node: Node;
  /** Gradient with respect to output `index`; undefined where the loss does not depend on it. */
  readonly outputGradients: readonly (Value | undefined)[];
  /** Whether anyone needs the gradient with respect to input `index`: a rule need not build the others. */
  readonly needs: (index: number) => boolean;
}

/**
 * Builds the gradients of the loss with respect to a node's inputs, in order. An input that has none (an index, a
 * shape) or that nobody needs is `undefined`. A gradient has exactly the shape and type of its input.
 */
export type GradientRule = (context: GradientContext) => (Value | undefined)[];
