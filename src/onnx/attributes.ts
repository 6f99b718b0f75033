import { DistilleryError } from '../errors.ts';
import type { Node, Value } from './node.ts';

/** What is read here of a node, whether it stands in a graph already or is about to. */
export type NodeLike = Pick<Node, 'operator' | 'name' | 'inputs' | 'attributes'>;

/** Input `index` of the node. @throws DistilleryError when it is missing. */
export function inputOf(node: NodeLike, index: number): Value {
  const value = node.inputs[index];
  if (!value) throw misfit(node, `input ${index} is missing`);
  return value;
}

/** Integer attribute, or its default. */
export function intOf(node: Pick<NodeLike, 'attributes'>, name: string, fallback: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'int' ? attribute.value : fallback;
}

/** Float attribute, or its default. */
export function floatOf(node: Pick<NodeLike, 'attributes'>, name: string, fallback: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'float' ? attribute.value : fallback;
}

/** Attribute of several integers, if there is one. */
export function intsOf(node: Pick<NodeLike, 'attributes'>, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === 'ints' ? attribute.value : undefined;
}

/** String attribute, or its default. */
export function textOf(node: Pick<NodeLike, 'attributes'>, name: string, fallback: string): string {
  const attribute = node.attributes[name];
  return attribute?.kind === 'string' ? attribute.value : fallback;
}

/** The error of a node whose inputs or attributes do not fit together. */
export function misfit(node: NodeLike, reason: string): DistilleryError {
  const shapes = node.inputs.map((value) => (value ? `${value.name} [${value.shape.join(', ')}]` : '–')).join(', ');
  return new DistilleryError('BAD_FILE', `Node '${node.name}' (${node.operator}): ${reason}. Inputs: ${shapes}.`);
}
