import { DistilleryError } from '../errors.ts';
import { dimensionsOf, type Graph } from '../onnx/graph.ts';
import type { Node, Value } from '../onnx/node.ts';
import type { DataType } from '../onnx/tensor.ts';
import { zeros } from './layout.ts';
import { gradientRules, operatorKey } from './registry.ts';
import type { Composite, GradientRule } from './rule.ts';

/**
 * Adds the nodes that compute the gradients of `loss` with respect to `parameters` to `graph`, by reverse-mode
 * automatic differentiation: nodes are visited from the loss backwards, each rule turns the gradients of a node's
 * outputs into those of its inputs, and a value that is used more than once sums what comes back.
 *
 * @param loss a scalar (or one-element) float value of `graph`
 * @param parameters float values of `graph`: initializers, inputs, or values in between
 * @param composites by the name of their output: nodes that are differentiated as one
 * @returns one gradient per parameter, of the parameter's shape; zeros where the loss does not depend on it
 * @throws DistilleryError `UNSUPPORTED` naming the node and the operator when a rule is missing on the way
 */
export function gradients(
  graph: Graph,
  loss: Value,
  parameters: readonly Value[],
  composites: ReadonlyMap<string, Composite> = new Map(),
): Value[] {
  const dependent = dependsOn(graph, parameters);
  const pending = new Map<string, Value[]>([[loss.name, [one(graph, loss)]]]);
  const forward = [...graph.nodes];

  for (const node of forward.reverse()) {
    if (!node.outputs.some((output) => output && pending.has(output.name))) continue;
    if (!readsAny(node, dependent)) continue;
    const outputGradients = node.outputs.map((output) => output && total(graph, pending, output));
    const composite = composites.get(node.outputs[0]?.name ?? '');
    const inputs = composite?.inputs ?? node.inputs;
    const needs = (index: number): boolean => {
      const input = inputs[index];
      return input !== undefined && isFloat(input.type) && dependent.has(input.name);
    };
    const inputGradients = composite
      ? outputGradients[0] && composite.gradient(outputGradients[0], needs)
      : ruleOf(node)({ graph, node, outputGradients, needs });
    inputs.forEach((input, index) => {
      const gradient = inputGradients?.[index];
      if (!input || !gradient || !needs(index)) return;
      checkLike(node, input, gradient);
      const list = pending.get(input.name);
      if (list) list.push(gradient);
      else pending.set(input.name, [gradient]);
    });
  }
  return parameters.map(
    (parameter) => total(graph, pending, parameter) ?? zeros(graph, dimensionsOf(parameter), parameter),
  );
}

/**
 * The nodes between `parameters` and `outputs` that have no gradient rule: what to tell a person before training.
 */
export function nodesWithoutRule(graph: Graph, outputs: readonly Value[], parameters: readonly Value[]): Node[] {
  const dependent = dependsOn(graph, parameters);
  const wanted = new Set(outputs.map((output) => output.name));
  return [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => output && wanted.has(output.name))) return false;
    if (!readsAny(node, dependent)) return false;
    for (const name of namesRead(node)) if (dependent.has(name)) wanted.add(name);
    return !gradientRules.has(operatorKey(node));
  });
}

function ruleOf(node: Node): GradientRule {
  const rule = gradientRules.get(operatorKey(node));
  if (!rule) throw missingRule(node);
  return rule;
}

/** The error that refuses a node without a gradient rule. */
export function missingRule(node: Node): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' cannot be trained: operator ${operatorKey(node)} has no gradient rule.`,
    { hint: 'Freeze the layers up to and including this node, or export the model without it.' },
  );
}

/** Names of all float values that depend on any of `sources`, the sources included. */
function dependsOn(graph: Graph, sources: readonly Value[]): Set<string> {
  const names = new Set(sources.map((source) => source.name));
  for (const node of graph.nodes) {
    if (!readsAny(node, names)) continue;
    for (const output of node.outputs) if (output && isFloat(output.type)) names.add(output.name);
  }
  return names;
}

/** Names of the values that a node reads, itself or in a nested graph. */
function namesRead(node: Node): string[] {
  const own = node.inputs.flatMap((input) => (input ? [input.name] : []));
  const captured = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph' ? attribute.captures : [],
  );
  return [...own, ...captured];
}

function readsAny(node: Node, names: ReadonlySet<string>): boolean {
  return namesRead(node).some((name) => names.has(name));
}

/** The sum of everything that came back to `value`; folded into one value so that it is summed once. */
function total(graph: Graph, pending: Map<string, Value[]>, value: Value): Value | undefined {
  const list = pending.get(value.name);
  const [first, ...rest] = list ?? [];
  if (!first) return undefined;
  const sum = rest.reduce((left, right) => graph.op('Add', [left, right]), first);
  pending.set(value.name, [sum]);
  return sum;
}

function isFloat(type: DataType): boolean {
  return type === 'float32' || type === 'float64' || type === 'float16';
}

/** The gradient of the loss with respect to itself. */
function one(graph: Graph, loss: Value): Value {
  const shape = dimensionsOf(loss);
  if (shape.some((size) => size !== 1)) {
    throw new DistilleryError(
      'INTERNAL',
      `The loss '${loss.name}' has the shape [${shape.join(', ')}]; reduce it first.`,
    );
  }
  return graph.floats([1], shape, loss);
}

/** Every rule answers for its shapes, so that a wrong one is found where it is wrong. */
function checkLike(node: Node, input: Value, gradient: Value): void {
  if (gradient.type === input.type && gradient.shape.join() === input.shape.join()) return;
  throw new DistilleryError(
    'INTERNAL',
    `The gradient rule of ${operatorKey(node)} made ${gradient.type} [${gradient.shape.join(', ')}] ` +
      `for '${input.name}', which is ${input.type} [${input.shape.join(', ')}].`,
  );
}
