import { DistilleryError } from '../errors.ts';
import { weightsOf } from '../onnx/cost/cost.ts';
import { Graph } from '../onnx/graph.ts';
import type { Node, Value } from '../onnx/node.ts';
import { gradientRules, operatorKey } from './registry.ts';

/** Whether gradients pass a node, and why not. */
export type NodeGradient =
  | { readonly kind: 'supported' }
  /** None of its inputs and outputs are both floats: there is nothing to differentiate. */
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'unsupported'; readonly reason: string };

/**
 * Whether gradients pass each node of a graph. The rules are tried with the nodes as they stand: a rule may know an operator and yet not
 * the form that a node is in. Where sizes are left open, a rule cannot be tried, and having one counts.
 */
export function gradientSupport(graph: Graph): ReadonlyMap<Node, NodeGradient> {
  const weights = weightsOf(graph);
  const needed = (value: Value | undefined): boolean =>
    value !== undefined && isFloat(value) && (weights.has(value.name) || !graph.initializers.has(value.name));
  return new Map(graph.nodes.map((node) => [node, gradientOf(graph, node, needed)]));
}

function gradientOf(graph: Graph, node: Node, needed: (value: Value | undefined) => boolean): NodeGradient {
  const isNested = Object.values(node.attributes).some((attribute) => attribute.kind === 'graph');
  const outputs = node.outputs.filter((output) => output !== undefined && isFloat(output));
  if (outputs.length === 0 || (!isNested && !node.inputs.some(needed))) return { kind: 'not-needed' };
  if (!gradientRules.has(operatorKey(node))) {
    const reason = isNested
      ? `${operatorKey(node)} holds graphs of its own, which gradients do not pass.`
      : `Operator ${operatorKey(node)} has no gradient rule.`;
    return { kind: 'unsupported', reason };
  }
  const values = [...node.inputs, ...node.outputs].filter((value) => value !== undefined);
  if (values.some(({ shape }) => shape.some((size) => typeof size === 'string'))) return { kind: 'supported' };
  // Further outputs are by-products of most operators, which no loss depends on, and results of equal rank of others.
  const problems = new Set<string>();
  for (const used of new Set([node.outputs.length, 1])) {
    const problem = problemOfRule(graph, node, used, needed);
    if (problem === undefined) return { kind: 'supported' };
    problems.add(problem);
  }
  return { kind: 'unsupported', reason: [...problems].at(-1) ?? '' };
}

/** Why the rule of a node refuses it when its first `used` outputs are in use; undefined when it does not. */
function problemOfRule(
  graph: Graph,
  node: Node,
  used: number,
  needed: (value: Value | undefined) => boolean,
): string | undefined {
  const scratch = new Graph();
  for (const value of [...node.inputs, ...node.outputs]) {
    if (!value || scratch.find(value.name)) continue;
    const tensor = graph.initializers.get(value.name);
    if (tensor) scratch.initializer(value.name, tensor);
    else scratch.input(value.name, value.type, value.shape);
    const known = graph.known.get(value.name);
    if (known) scratch.known.set(value.name, known);
  }
  const outputGradients = node.outputs.map((output, index) =>
    output && isFloat(output) && index < used
      ? scratch.input(scratch.freshName('gradient'), output.type, output.shape)
      : undefined,
  );
  try {
    gradientRules.get(operatorKey(node))?.({
      graph: scratch,
      node,
      outputGradients,
      needs: (index) => needed(node.inputs[index]),
    });
    return undefined;
  } catch (error) {
    if (error instanceof DistilleryError) return error.message;
    throw error;
  }
}

function isFloat({ type }: Value): boolean {
  return type === 'float32' || type === 'float64' || type === 'float16';
}
