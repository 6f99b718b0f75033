import { DistilleryError, type Problem } from '../../errors.ts';
import { intOf } from '../attributes.ts';
import { composeForOpset } from './composeForOpset.ts';
import { exportOpsets } from './exportOpsets.ts';
import { ints, OPSET, type Graph } from '../graph.ts';
import type { Attributes, Node, Value } from '../node.ts';
import { toNumbers } from '../tensor.ts';
import { reductions } from '../upgrade/axes.ts';

/** Operator sets that brought an operator, or its present meaning, where that was after the oldest. */
const firstOpsets: Readonly<Record<string, number>> = {
  Bernoulli: 15,
  BitwiseAnd: 18,
  BitwiseNot: 18,
  BitwiseOr: 18,
  BitwiseXor: 18,
  CastLike: 15,
  Gelu: 20,
  GroupNormalization: 21,
  HardSwish: 14,
  LayerNormalization: 17,
  Mish: 18,
  RMSNormalization: 23,
  Swish: 24,
  Trilu: 14,
};

/** Operator sets that brought an attribute. */
const firstOpsetsOfAttributes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AveragePool: { dilations: 19 },
  BatchNormalization: { training_mode: 14 },
  GRU: { layout: 14 },
  LSTM: { layout: 14 },
  QuantizeLinear: { output_dtype: 21 },
  RNN: { layout: 14 },
  Reshape: { allowzero: 14 },
  Resize: { antialias: 18, axes: 18, keep_aspect_ratio_policy: 18 },
  ScatterElements: { reduction: 16 },
  ScatterND: { reduction: 16 },
  Shape: { end: 15, start: 15 },
};

/** IR version that came with an operator set: the oldest that every reader of that set knows. */
export function irVersionOf(opset: number): number {
  if (opset <= 14) return 7;
  if (opset <= 18) return 8;
  return opset <= 20 ? 9 : 10;
}

/** The oldest operator set that has this node's operator with its present meaning. */
export function firstOpsetOf(node: Pick<Node, 'domain' | 'operator'>): number {
  return node.domain === '' ? (firstOpsets[node.operator] ?? exportOpsets.oldest) : exportOpsets.oldest;
}

/**
 * A node of the canonical operator set as it is written in operator set `opset`, after `composeForOpset`.
 * @throws DistilleryError `UNSUPPORTED` naming the node and the operator set that it needs
 */
export function nodeAtOpset(graph: Graph, node: Node, opset: number): Node {
  if (node.domain !== '') return node;
  const needed = Math.max(
    firstOpsetOf(node),
    ...Object.keys(node.attributes).map((name) => firstOpsetsOfAttributes[node.operator]?.[name] ?? 0),
    node.operator === 'Pad' && node.inputs[3] ? 18 : 0,
    // A nested graph is written as it was read.
    Object.values(node.attributes).some(({ kind }) => kind === 'graph') ? OPSET : 0,
  );
  if (needed > opset) throw needsOpset(node, needed);
  if (opset >= 18) return node;
  if (reductions.includes(node.operator)) return axesToAttribute(graph, node);
  if (node.operator === 'Split' && !node.inputs[1]) return splitEvenly(node);
  return node;
}

/**
 * What keeps a graph from being written in an operator set: the first node that it does not have, with the first operator set that
 * has all of them; undefined when nothing does.
 */
export function opsetProblem(graph: Graph, opset: number): Omit<Problem, 'where'> | undefined {
  const first = refusalAt(graph, opset);
  if (!first) return undefined;
  let enough = opset + 1;
  while (enough < exportOpsets.newest && refusalAt(graph, enough)) enough++;
  return { message: first.message, hint: `Choose opset ${enough} or newer, or leave the field out.` };
}

function refusalAt(graph: Graph, opset: number): DistilleryError | undefined {
  const composed = composeForOpset(graph, opset);
  for (const node of composed.nodes) {
    try {
      nodeAtOpset(composed, node, opset);
    } catch (error) {
      if (error instanceof DistilleryError && error.code === 'UNSUPPORTED') return error;
      throw error;
    }
  }
  return undefined;
}

/** Reductions had their axes in an attribute. */
function axesToAttribute(graph: Graph, node: Node): Node {
  const [input, axes] = node.inputs;
  const attributes = withoutAttribute(node.attributes, 'noop_with_empty_axes');
  if (axes)
    return { ...node, inputs: [input], attributes: { ...attributes, axes: ints(constantAxes(graph, node, axes)) } };
  if (intOf(node, 'noop_with_empty_axes', 0) === 1) throw needsOpset(node, 18);
  return { ...node, attributes };
}

/** Split had no number of pieces; they had to be equal. */
function splitEvenly(node: Node): Node {
  const sizes = node.outputs.map((output) => output?.shape.join());
  if (sizes.some((size) => size !== sizes[0])) throw needsOpset(node, 18);
  return { ...node, attributes: withoutAttribute(node.attributes, 'num_outputs') };
}

function withoutAttribute(attributes: Attributes, removed: string): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== removed));
}

function constantAxes(graph: Graph, node: Node, axes: Value): number[] {
  const tensor = graph.initializers.get(axes.name) ?? graph.known.get(axes.name);
  if (!tensor) throw needsOpset(node, 18);
  return toNumbers(tensor);
}

function needsOpset(node: Node, opset: number): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' (${node.operator}) can be written from operator set ${opset} on only.`,
    { hint: `Choose opset ${opset} or newer.` },
  );
}
