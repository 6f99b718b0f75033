import { DistilleryError } from '../errors.ts';
import type { Graph, Node, Value } from '../onnx/graph.ts';
import { gradientRules, operatorKey } from './registry.ts';

/**
 * Adds the nodes that compute the gradients of `loss` with respect to `parameters` to `graph`, by reverse-mode
 * automatic differentiation: nodes are visited from the loss backwards, each rule turns the gradients of a node's
 * outputs into those of its inputs, and a value that is used more than once sums what comes back.
 *
 * @param loss a scalar (or one-element) float value of `graph`
 * @returns one gradient per parameter, of the parameter's shape; zeros where the loss does not depend on it
 * @throws DistilleryError `UNSUPPORTED` naming the node and the operator when a rule is missing on the way
 */
export function gradients(graph: Graph, loss: Value, parameters: readonly Value[]): Value[] {
  const dependent = dependsOn(graph, parameters);
  const pending = new Map<string, Value[]>([[loss.name, [graph.constant(ones(loss))]]]);
  const forward = [...graph.nodes];

  for (const node of forward.reverse()) {
    if (!node.outputs.some((output) => output && pending.has(output.name))) continue;
    if (!node.inputs.some((input) => input && dependent.has(input.name))) continue;
    const rule = gradientRules.get(operatorKey(node));
    if (!rule) throw missingRule(node);
    const outputGradients = node.outputs.map((output) => output && total(graph, pending, output));
    const needs = (index: number): boolean => {
      const input = node.inputs[index];
      return input !== undefined && isFloat(input) && dependent.has(input.name);
    };
    const inputGradients = rule({ graph, node, outputGradients, needs });
    node.inputs.forEach((input, index) => {
      const gradient = inputGradients[index];
      if (!input || !gradient || !needs(index)) return;
      const list = pending.get(input.name);
      if (list) list.push(gradient);
      else pending.set(input.name, [gradient]);
    });
  }
  return parameters.map((parameter) => total(graph, pending, parameter) ?? zeros(graph, parameter));
}

/**
 * The nodes between `parameters` and `outputs` that have no gradient rule: what to tell a person before training.
 */
export function nodesWithoutRule(graph: Graph, outputs: readonly Value[], parameters: readonly Value[]): Node[] {
  const dependent = dependsOn(graph, parameters);
  const wanted = new Set(outputs.map((output) => output.name));
  return [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => output && wanted.has(output.name))) return false;
    if (!node.inputs.some((input) => input && dependent.has(input.name))) return false;
    for (const input of node.inputs) if (input && isFloat(input)) wanted.add(input.name);
    return !gradientRules.has(operatorKey(node));
  });
}

/** The error that refuses a node without a gradient rule. */
export function missingRule(node: Node): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' cannot be trained: operator ${operatorKey(node)} has no gradient rule.`,
    { hint: 'Freeze the layers up to and including this node, or export the model without it.' },
  );
}

/** Names of all values that depend on any of `sources`, the sources included. */
function dependsOn(graph: Graph, sources: readonly Value[]): Set<string> {
  const names = new Set(sources.map((source) => source.name));
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => input && names.has(input.name))) continue;
    for (const output of node.outputs) if (output && isFloat(output)) names.add(output.name);
  }
  return names;
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

function isFloat(value: Value): boolean {
  return value.type === 'float32' || value.type === 'float64' || value.type === 'float16';
}

function ones(value: Value): { type: 'float32' | 'float64'; shape: number[]; data: Float32Array | Float64Array } {
  const shape = value.shape.map(() => 1);
  return value.type === 'float64'
    ? { type: 'float64', shape, data: Float64Array.of(1) }
    : { type: 'float32', shape, data: Float32Array.of(1) };
}

function zeros(graph: Graph, value: Value): Value {
  return graph.op('Mul', [value, graph.scalar(0, value)]);
}
