import { DistilleryError } from '../../errors.ts';
import { floatOf, inputOf, intOf, misfit } from '../attributes.ts';
import { int, ints, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { refuseOutputs } from './fused.ts';
import type { StoredNode, Upgrade } from './step.ts';

/** The most negative float32: what is added to the score of a pair that must not be attended to. */
const LOWEST = -3.402_823_466_385_288_6e38;

/** Queries, keys and values, [batch, heads, tokens, size]. */
interface Heads {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

interface AttentionOptions {
  readonly scale: number;
  readonly isCausal: boolean;
  /** Added to the scores; broadcasts to [batch, heads, queries, keys]. */
  readonly added: readonly Value[];
  readonly softcap: number;
}

/** softmax(Q Kᵀ · scale + masks) V, [batch, heads, queries, size] (Vaswani et al., arXiv 1706.03762). */
function attend(graph: Graph, node: StoredNode, { query, key, value }: Heads, options: AttentionOptions): Value {
  const turned = graph.op('Transpose', [key], { perm: ints([0, 1, 3, 2]) });
  const product = graph.op('MatMul', [query, turned]);
  let scores = graph.op('Mul', [product, graph.scalar(options.scale, product)]);
  for (const added of options.added) scores = graph.op('Add', [scores, added]);
  if (options.isCausal) scores = graph.op('Add', [scores, causalMask(graph, node, query, key)]);
  if (options.softcap > 0) {
    const cap = graph.scalar(options.softcap, scores);
    scores = graph.op('Mul', [graph.op('Tanh', [graph.op('Div', [scores, cap])]), cap]);
  }
  return graph.op('MatMul', [graph.op('Softmax', [scores], { axis: int(-1) }), value]);
}

/** [queries, keys]: 0 where a query may see a key, which is not later than itself. */
function causalMask(graph: Graph, node: StoredNode, query: Value, key: Value): Value {
  const rows = sizeAt(node, query, 2);
  const columns = sizeAt(node, key, 2);
  // With keys of earlier calls the last query sees all of them.
  const earlier = hasPast(node) ? columns - rows : 0;
  const mask = Array.from({ length: rows * columns }, (_, at) =>
    at % columns <= Math.floor(at / columns) + earlier ? 0 : LOWEST,
  );
  return graph.floats(mask, [rows, columns], query);
}

/** Whether keys and values of earlier calls are given. */
function hasPast({ operator, domain, inputs }: StoredNode): boolean {
  return inputs[domain === '' ? 4 : operator === 'MultiHeadAttention' ? 6 : 4] !== undefined;
}

/** [batch, tokens, heads · size] as [batch, heads, tokens, size]. */
function splitHeads(graph: Graph, node: StoredNode, value: Value, heads: number): Value {
  const width = sizeAt(node, value, 2);
  if (heads < 1 || width % heads !== 0) throw misfit(node, `${width} values do not divide into ${heads} heads`);
  const split = graph.op('Reshape', [value, graph.integers([0, 0, heads, width / heads])]);
  return graph.op('Transpose', [split], { perm: ints([0, 2, 1, 3]) });
}

/** The node that turns [batch, heads, tokens, size] back into [batch, tokens, heads · size]. */
function joinHeads(graph: Graph, node: StoredNode, value: Value): StoredNode {
  const turned = graph.op('Transpose', [value], { perm: ints([0, 2, 1, 3]) });
  const width = sizeAt(node, value, 1) * sizeAt(node, value, 3);
  return last(node, 'Reshape', [turned, graph.integers([0, 0, width])]);
}

function last(node: StoredNode, operator: string, inputs: readonly Value[]): StoredNode {
  return { ...node, domain: '', operator, inputs, attributes: {}, outputs: node.outputs.slice(0, 1) };
}

/** `Attention` of operator set 23: tensors of rank 3 or 4, shared keys and values, masks of numbers or truths. */
const attention: Upgrade = (graph, node) => {
  refuseOutputs(node, [3]);
  const [q, k, v] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const [, , , mask, pastKey, pastValue, padding] = node.inputs;
  if (padding) throw cached(node);
  const isFlat = q.shape.length === 3;
  const queryHeads = isFlat ? intOf(node, 'q_num_heads', 0) : sizeAt(node, q, 1);
  const keyHeads = isFlat ? intOf(node, 'kv_num_heads', 0) : sizeAt(node, k, 1);
  const of = (value: Value, heads: number): Value => (isFlat ? splitHeads(graph, node, value, heads) : value);
  const query = of(q, queryHeads);
  const keys = afterPast(graph, node, of(k, keyHeads), pastKey, 1);
  const values = afterPast(graph, node, of(v, keyHeads), pastValue, 2);
  const repeated = (value: Value): Value => repeatHeads(graph, node, value, queryHeads);
  const isCausal = intOf(node, 'is_causal', 0) === 1;
  const softcap = floatOf(node, 'softcap', 0);
  if (softcap > 0 && (mask || isCausal)) {
    // Whether the cap comes before the mask or after it differs between versions of the operator.
    throw new DistilleryError('UNSUPPORTED', `Node '${node.name}' (Attention): softcap with a mask is not supported.`);
  }
  const attended = attend(
    graph,
    node,
    { query, key: repeated(keys), value: repeated(values) },
    {
      scale: floatOf(node, 'scale', 1 / Math.sqrt(sizeAt(node, query, 3))),
      isCausal,
      added: mask ? [mask.type === 'bool' ? addedWhere(graph, mask, query) : mask] : [],
      softcap,
    },
  );
  return isFlat ? joinHeads(graph, node, attended) : last(node, 'Identity', [attended]);
};

/**
 * Keys or values [batch, heads, tokens, size] after those of earlier calls, where there are some; given as output `index`
 * of the node where that is wanted.
 */
function afterPast(graph: Graph, node: StoredNode, present: Value, past: Value | undefined, index: number): Value {
  const all = past ? graph.op('Concat', [past, present], { axis: int(2) }) : present;
  const wanted = node.outputs[index];
  return wanted === undefined || wanted === '' ? all : graph.op('Identity', [all], {}, { outputs: [wanted] });
}

/** 0 where a mask is true. */
function addedWhere(graph: Graph, mask: Value, like: Value): Value {
  return graph.op('Where', [mask, graph.scalar(0, like), graph.scalar(LOWEST, like)]);
}

/** Every head of keys or values as often as queries share it (Ainslie et al., arXiv 2305.13245). */
function repeatHeads(graph: Graph, node: StoredNode, value: Value, queryHeads: number): Value {
  const heads = sizeAt(node, value, 1);
  if (heads === queryHeads) return value;
  if (queryHeads % heads !== 0) throw misfit(node, `${queryHeads} heads of queries cannot share ${heads} of keys`);
  const [tokens, size] = [sizeAt(node, value, 2), sizeAt(node, value, 3)];
  const times = queryHeads / heads;
  const upright = graph.op('Unsqueeze', [value, graph.integers([2])]);
  const spread = graph.op('Expand', [upright, graph.integers([1, 1, times, 1, 1])]);
  return graph.op('Reshape', [spread, graph.integers([0, queryHeads, tokens, size])]);
}

/** `com.microsoft.MultiHeadAttention`: queries, keys and values of rank 3, a bias for all three, masks. */
const multiHeadAttention: Upgrade = (graph, node) => {
  refuseOutputs(node, [3]);
  const [q, k, v, bias, padding, added, pastKey, pastValue] = node.inputs;
  if (!q || !k || !v || [q, k, v].some(({ shape }) => shape.length !== 3)) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (MultiHeadAttention): queries, keys and values must be three inputs [batch, tokens, values].`,
      { hint: 'Export the model without packed attention.' },
    );
  }
  const heads = intOf(node, 'num_heads', 0);
  const widths = [q, k, v].map((value) => sizeAt(node, value, 2));
  const biases = bias ? splitVector(graph, bias, widths) : [];
  const [query, key, value] = [q, k, v].map((one, index) => {
    const biased = biases[index] ? graph.op('Add', [one, biases[index]]) : one;
    return splitHeads(graph, node, biased, heads);
  });
  const keys = key && afterPast(graph, node, key, pastKey, 1);
  const values = value && afterPast(graph, node, value, pastValue, 2);
  return joinHeads(graph, node, attendMasked(graph, node, { query, key: keys, value: values }, [padding, added]));
};

/** `com.microsoft.Attention`: one matrix makes queries, keys and values of the input. */
const packedAttention: Upgrade = (graph, node) => {
  refuseOutputs(node, [1]);
  const [x, weights, bias, padding, past, added] = node.inputs;
  if (past) throw cached(node);
  if (!x || !weights) throw misfit(node, 'the input or its weights are missing');
  const heads = intOf(node, 'num_heads', 0);
  const listed = node.attributes['qkv_hidden_sizes'];
  const third = sizeAt(node, weights, 1) / 3;
  const widths = listed?.kind === 'ints' ? listed.value : [third, third, third];
  const product = graph.op('MatMul', [x, weights]);
  const made = bias ? graph.op('Add', [product, bias]) : product;
  const names = widths.map(() => graph.freshName('split'));
  const parts = graph.node('Split', [made, graph.integers(widths)], { attributes: { axis: int(2) }, outputs: names });
  const [query, key, value] = parts.map((part) => part && splitHeads(graph, node, part, heads));
  return joinHeads(graph, node, attendMasked(graph, node, { query, key, value }, [padding, added]));
};

function attendMasked(
  graph: Graph,
  node: StoredNode,
  { query, key, value }: { readonly [name in keyof Heads]: Value | undefined },
  [padding, added]: readonly (Value | undefined)[],
): Value {
  if (!query || !key || !value) throw misfit(node, 'queries, keys or values are missing');
  const given = floatOf(node, 'scale', 0);
  return attend(
    graph,
    node,
    { query, key, value },
    {
      scale: given === 0 ? 1 / Math.sqrt(sizeAt(node, query, 3)) : given,
      isCausal: intOf(node, 'unidirectional', 0) === 1,
      added: [...(padding ? [paddingMask(graph, node, padding, sizeAt(node, key, 2))] : []), ...(added ? [added] : [])],
      softcap: 0,
    },
  );
}

/** [batch, keys] of 1 and 0, or how many keys of each sample count, as what is added to the scores: `mask_filter_value` where it is 0. */
function paddingMask(graph: Graph, node: StoredNode, padding: Value, keys: number): Value {
  const refused = graph.scalar(floatOf(node, 'mask_filter_value', -10_000));
  if (padding.shape.length === 1) {
    const places = { type: 'int32', shape: [1, keys], data: Int32Array.from({ length: keys }, (_, at) => at) } as const;
    const counts = graph.op('Unsqueeze', [padding, graph.integers([1])]);
    const isInside = graph.op('Less', [graph.constant(places), counts]);
    return graph.op('Where', [graph.op('Unsqueeze', [isInside, graph.integers([1, 2])]), graph.scalar(0), refused]);
  }
  if (padding.shape.length !== 2) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (${node.operator}): only a mask [batch, tokens] or the lengths [batch] are supported, not [${padding.shape.join(', ')}].`,
    );
  }
  const isKept = graph.op('Cast', [padding], { to: int(9) });
  const upright = graph.op('Unsqueeze', [isKept, graph.integers([1, 2])]);
  return graph.op('Where', [upright, graph.scalar(0), refused]);
}

function splitVector(graph: Graph, vector: Value, sizes: readonly number[]): (Value | undefined)[] {
  const outputs = sizes.map(() => graph.freshName('split'));
  return graph.node('Split', [vector, graph.integers(sizes)], { attributes: { axis: int(0) }, outputs });
}

function cached(node: StoredNode): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' (${node.operator}): keys and values of earlier calls are not supported.`,
    { hint: 'Export the model without a cache (use_cache=False).' },
  );
}

function sizeAt(node: StoredNode, value: Value, axis: number): number {
  const size = value.shape[axis];
  if (typeof size !== 'number') throw misfit(node, `dimension ${axis} of '${value.name}' must be known`);
  return size;
}

/** Kinds of attention, by key; see `composites`. */
export const attentionComposites: Readonly<Record<string, Upgrade>> = {
  Attention: attention,
  'com.microsoft.Attention': packedAttention,
  'com.microsoft.MultiHeadAttention': multiHeadAttention,
};
