import { DistilleryError } from '../errors.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Node, Value } from '../onnx/node.ts';

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

/** Several nodes that are differentiated as one, where that is cheaper than one after the other. */
export interface Composite {
  /** What the nodes compute from: the gradient goes to these, and to no value in between. */
  readonly inputs: readonly Value[];
  /**
   * Builds the gradients with respect to `inputs` from that of the output.
   * @param needs whether anyone needs the gradient with respect to an input
   */
  readonly gradient: (outputGradient: Value, needs: (index: number) => boolean) => (Value | undefined)[];
}

/**
 * Builds the gradients of the loss with respect to a node's inputs, in order. An input that has none (an index, a
 * shape) or that nobody needs is `undefined`. A gradient has exactly the shape and type of its input.
 */
export type GradientRule = (context: GradientContext) => (Value | undefined)[];

/**
 * The gradient with respect to a node's first output.
 * @throws DistilleryError `UNSUPPORTED` when the loss depends on another output too, for which the rule has no formula
 */
export function firstOutputGradient({ node, outputGradients }: GradientContext): Value {
  const [gradient, ...others] = outputGradients;
  if (gradient && others.every((other) => other === undefined)) return gradient;
  throw unsupported(node, 'the loss depends on an output other than the first');
}

/** Output `index` of the node. @throws DistilleryError when it is omitted. */
export function outputOf(node: Node, index: number): Value {
  const value = node.outputs[index];
  if (!value) throw unsupported(node, `output ${index} is missing`);
  return value;
}

/** The error of a node in a form that its gradient rule does not cover. */
export function unsupported(node: Node, reason: string): DistilleryError {
  return new DistilleryError('UNSUPPORTED', `Node '${node.name}' (${node.operator}) cannot be trained: ${reason}.`, {
    hint: 'Freeze the layers up to and including this node, or export the model without it.',
  });
}
