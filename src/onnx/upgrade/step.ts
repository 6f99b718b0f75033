import type { Graph } from '../graph.ts';
import type { Attributes, Value } from '../node.ts';

/** A node as a file has it: its inputs are in the graph already, its outputs are names. */
export interface StoredNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly outputs: readonly string[];
}

/**
 * Turns a node of an older operator set into one of the canonical set that produces the same outputs. May add nodes and
 * constants to the graph that the new node reads.
 *
 * @param opset that the node was written for
 */
export type Upgrade = (graph: Graph, node: StoredNode, opset: number) => StoredNode;

/** An upgrade, and the operator set that made it necessary: older nodes need it. */
export interface UpgradeStep {
  readonly before: number;
  readonly upgrade: Upgrade;
}

/** The attributes without those named. */
export function withoutAttributes(attributes: Attributes, ...names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}

/** An attribute of integers as an int64 constant; undefined when the node does not have it. */
export function integersFromAttribute(graph: Graph, node: StoredNode, name: string): Value | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === 'ints' ? graph.integers(attribute.value) : undefined;
}

/** A float attribute as a scalar constant of the type of input 0; undefined when the node does not have it. */
export function scalarFromAttribute(graph: Graph, node: StoredNode, name: string): Value | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === 'float' ? graph.scalar(attribute.value, node.inputs[0]) : undefined;
}
