import { DistilleryError } from '../../errors.ts';
import { floatOf, inputOf, intOf, misfit } from '../attributes.ts';
import { float, int, ints, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import type { StoredNode, Upgrade } from './step.ts';

function sizeAt(node: StoredNode, value: Value, axis: number): number {
  const size = value.shape.at(axis);
  if (typeof size !== 'number') throw misfit(node, `dimension ${axis} of '${value.name}' must be known`);
  return size;
}

/** Cosines and sines, each [batch or 1, tokens, angles]. */
interface Angles {
  readonly cosine: Value;
  readonly sine: Value;
}

/**
 * Turns pairs of numbers of every head by the angles of its token's position (Su et al., arXiv 2104.09864): neighbours where they are
 * interleaved, else number i of the first half with number i of the second.
 *
 * @param x [batch, heads, tokens, size]
 */
function rotate(graph: Graph, node: StoredNode, x: Value, { cosine, sine }: Angles): Value {
  const size = sizeAt(node, x, -1);
  const turned = intOf(node, 'rotary_embedding_dim', 0) || size;
  const upright = (value: Value): Value => graph.op('Unsqueeze', [value, graph.integers([1])]);
  const part = (value: Value, start: number, end: number, step = 1): Value => {
    const [from, to, axis, by] = [[start], [end], [-1], [step]].map((numbers) => graph.integers(numbers));
    return graph.op('Slice', [value, from, to, axis, by]);
  };
  const [cos, sin] = [upright(cosine), upright(sine)];
  const isInterleaved = intOf(node, 'interleaved', 0) === 1;
  const first = isInterleaved ? part(x, 0, turned, 2) : part(x, 0, turned / 2);
  const second = isInterleaved ? part(x, 1, turned, 2) : part(x, turned / 2, turned);
  const real = graph.op('Sub', [graph.op('Mul', [first, cos]), graph.op('Mul', [second, sin])]);
  const imaginary = graph.op('Add', [graph.op('Mul', [first, sin]), graph.op('Mul', [second, cos])]);
  const joined = isInterleaved
    ? interleave(graph, real, imaginary, turned)
    : graph.op('Concat', [real, imaginary], { axis: int(-1) });
  return turned === size ? joined : graph.op('Concat', [joined, part(x, turned, size)], { axis: int(-1) });
}

/** a₀ b₀ a₁ b₁ … along the last axis of values of rank 4. */
function interleave(graph: Graph, a: Value, b: Value, size: number): Value {
  const [left, right] = [a, b].map((value) => graph.op('Unsqueeze', [value, graph.integers([4])]));
  const pairs = graph.op('Concat', [left, right], { axis: int(4) });
  return graph.op('Reshape', [pairs, graph.integers([0, 0, 0, size])]);
}

/** Rotates x of rank 4, or of rank 3 [batch, tokens, heads · size]. */
function rotated(graph: Graph, node: StoredNode, x: Value, heads: number, angles: Angles): StoredNode {
  const last = (operator: string, inputs: readonly Value[], attributes = {}): StoredNode => ({
    ...node,
    domain: '',
    operator,
    inputs,
    attributes,
    outputs: node.outputs.slice(0, 1),
  });
  if (x.shape.length === 4) return last('Identity', [rotate(graph, node, x, angles)]);
  const width = sizeAt(node, x, 2);
  if (heads < 1 || width % heads !== 0) throw misfit(node, `${width} values do not divide into ${heads} heads`);
  const split = graph.op('Reshape', [x, graph.integers([0, 0, heads, width / heads])]);
  const upright = graph.op('Transpose', [split], { perm: ints([0, 2, 1, 3]) });
  const back = graph.op('Transpose', [rotate(graph, node, upright, angles)], { perm: ints([0, 2, 1, 3]) });
  return last('Reshape', [back, graph.integers([0, 0, width])]);
}

/** `RotaryEmbedding` of operator set 23: caches [positions, angles] with positions, or [batch, tokens, angles] without. */
const rotaryEmbedding: Upgrade = (graph, node) => {
  const [x, cosine, sine, positions] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2), node.inputs[3]];
  const at = (cache: Value): Value => (positions ? graph.op('Gather', [cache, positions], { axis: int(0) }) : cache);
  return rotated(graph, node, x, intOf(node, 'num_heads', 0), { cosine: at(cosine), sine: at(sine) });
};

/** `com.microsoft.RotaryEmbedding`: positions come before the caches; a single one is that of the first token. */
const microsoftRotaryEmbedding: Upgrade = (graph, node) => {
  const [x, positions, cosine, sine] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2), inputOf(node, 3)];
  if (intOf(node, 'is_packed_batching', 0) === 1 || floatOf(node, 'scale', 1) !== 1) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (RotaryEmbedding): packed batches and scales are not supported.`,
      {
        hint: "Export the model without ONNX Runtime's optimisation of transformers.",
      },
    );
  }
  const tokens = sizeAt(node, x, x.shape.length === 4 ? 2 : 1);
  const first = graph.integers(Array.from({ length: tokens }, (_, index) => index));
  const row =
    positions.shape.length === 1
      ? graph.op('Unsqueeze', [graph.op('Add', [positions, first]), graph.integers([0])])
      : positions;
  const at = (cache: Value): Value => graph.op('Gather', [cache, row], { axis: int(0) });
  const size = intOf(node, 'rotary_embedding_dim', 0) > 0 ? undefined : 2 * sizeAt(node, cosine, 1);
  const heads = intOf(node, 'num_heads', 0) || (size === undefined ? 0 : sizeAt(node, x, -1) / size);
  return rotated(graph, node, x, heads, { cosine: at(cosine), sine: at(sine) });
};

/** `com.microsoft.EmbedLayerNormalization`: word, position and segment embeddings, added and normalised; how long each text is. */
const embedLayerNormalization: Upgrade = (graph, node) => {
  const [ids, segments, words, places, kinds, scale, bias, mask, positions] = node.inputs;
  if (!ids || !words || !places || !scale || !bias) throw misfit(node, 'ids, embeddings, scale or bias are missing');
  const look = (table: Value, indices: Value): Value => graph.op('Gather', [table, indices], { axis: int(0) });
  const tokens = sizeAt(node, ids, 1);
  const order =
    positions ??
    graph.constant({
      type: 'int64',
      shape: [1, tokens],
      data: BigInt64Array.from({ length: tokens }, (_, at) => BigInt(at)),
    });
  const placed = graph.op('Add', [look(words, ids), look(places, order)]);
  const [, lengths, sum] = node.outputs;
  const named = sum === undefined || sum === '' ? {} : { outputs: [sum] };
  const total =
    segments && kinds
      ? graph.op('Add', [placed, look(kinds, segments)], {}, named)
      : graph.op('Identity', [placed], {}, named);
  if (lengths !== undefined && lengths !== '') addLengths(graph, ids, mask, lengths);
  return {
    ...node,
    domain: '',
    operator: 'LayerNormalization',
    inputs: [total, scale, bias],
    attributes: { axis: int(-1), epsilon: float(floatOf(node, 'epsilon', 1e-12)) },
    outputs: node.outputs.slice(0, 1),
  };
};

/** Tokens of every text: the sum of its mask, or 0 without one, as int32. */
function addLengths(graph: Graph, ids: Value, mask: Value | undefined, name: string): void {
  const counted = graph.op('Cast', [mask ?? graph.op('Mul', [ids, graph.op('Sub', [ids, ids])])], { to: int(6) });
  graph.op('ReduceSum', [counted, graph.integers([1])], { keepdims: int(0) }, { outputs: [name] });
}

/** Operators that embed tokens and their positions, by key; see `composites`. */
export const embeddingComposites: Readonly<Record<string, Upgrade>> = {
  RotaryEmbedding: rotaryEmbedding,
  'com.microsoft.RotaryEmbedding': microsoftRotaryEmbedding,
  'com.microsoft.EmbedLayerNormalization': embedLayerNormalization,
};
