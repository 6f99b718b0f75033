import { DistilleryError } from '../../errors.ts';
import { float, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { filled, normal, type Random } from '../initialize.ts';
import { appendDropout } from '../layers.ts';
import { appendDense } from '../mlp.ts';
import { outputSize, type OutputForm, type TokenSamples } from '../networkForm.ts';
import { appendFloatMask, appendWordEmbedding, declareTextInputs, type TextInputs } from '../textInputs.ts';
import { appendAttention } from './attention.ts';
import { appendLinear, BERT_DEVIATION } from './linear.ts';

export interface TransformerOptions {
  /** Encoder layers. */
  readonly layers: number;
  /** Attention heads of every layer; a divisor of `hidden`. */
  readonly heads: number;
  /** Numbers that stand for a token between the layers. */
  readonly hidden: number;
  /** Units of the dense layer within every encoder layer; default 4 × hidden. */
  readonly intermediate?: number | undefined;
  /** Share that is dropped in training, wherever BERT drops; default 0. */
  readonly dropout?: number | undefined;
  /** What stands for a whole text: its first token, or the mean of its tokens. */
  readonly pooling: 'first' | 'mean';
}

const LAYER_NORMALIZATION_EPSILON = 1e-12;

/**
 * Appends a text encoder as in BERT (arXiv 1810.04805) and DistilBERT (arXiv 1910.01108): embeddings of words and
 * positions, encoder layers that are normalised after each sum, exact GELU, no token types and no pooler. Its inputs are
 * those of `declareTextInputs`; tokens at padding are never attended to.
 *
 * @returns [batch, outputs], or with an output per token [batch, length, classes]
 * @throws DistilleryError `BAD_INPUT` when the heads do not divide the hidden size
 */
export function appendTransformer(
  graph: Graph,
  samples: TokenSamples,
  options: TransformerOptions,
  output: OutputForm,
  random: Random,
): Value {
  requireWholeHeads(options);
  const inputs = declareTextInputs(graph, samples);
  const score = appendMaskScores(graph, inputs.mask);
  let value = appendEmbeddings(graph, inputs, samples, options, random);
  for (let layer = 0; layer < options.layers; layer++) {
    value = appendEncoderLayer(graph, value, score, `encoder.layer.${layer}`, options, random);
  }
  if (output.kind === 'tokens') {
    const kept = appendDropout(graph, value, options.dropout, 'head');
    return appendLinear(graph, kept, { name: 'output', units: output.classes }, random);
  }
  const pooled = appendPooling(graph, value, inputs.mask, options.pooling);
  const kept = appendDropout(graph, pooled, options.dropout, 'head');
  const units = outputSize('transformer', output);
  return appendDense(graph, kept, { name: 'output', units, last: true }, random);
}

function requireWholeHeads({ heads, hidden }: TransformerOptions): void {
  if (hidden % heads === 0) return;
  throw new DistilleryError('BAD_INPUT', `A hidden size of ${hidden} cannot be divided among ${heads} heads.`, {
    hint: `Use ${heads * Math.max(1, Math.round(hidden / heads))} hidden units, or another number of heads.`,
  });
}

/** What is added to attention scores [batch, heads, length, length]: 0 for tokens, and so little for padding that e to its power is 0. */
function appendMaskScores(graph: Graph, mask: Value): Value {
  const absent = graph.op('Sub', [graph.scalar(1), appendFloatMask(graph, mask, [1, 2])]);
  return graph.op('Mul', [absent, graph.scalar(-10_000)]);
}

function appendEmbeddings(
  graph: Graph,
  { ids }: TextInputs,
  { length, vocabulary }: TokenSamples,
  { hidden, dropout }: TransformerOptions,
  random: Random,
): Value {
  const table = { name: 'embeddings.words', vocabulary, size: hidden, deviation: BERT_DEVIATION };
  const words = appendWordEmbedding(graph, ids, table, random);
  const positions = graph.initializer('embeddings.positions.weight', normal(random, [length, hidden], BERT_DEVIATION));
  const sum = graph.op('Add', [words, positions]);
  const value = appendLayerNormalization(graph, sum, 'embeddings.normalization');
  return appendDropout(graph, value, dropout, 'embeddings');
}

function appendEncoderLayer(
  graph: Graph,
  input: Value,
  maskScores: Value,
  name: string,
  options: TransformerOptions,
  random: Random,
): Value {
  const { hidden, dropout, intermediate = 4 * hidden } = options;
  const attended = appendAttention(graph, input, { ...options, name: `${name}.attention`, maskScores }, random);
  const mixed = appendDropout(graph, attended, dropout, `${name}.attention.output`);
  const middle = appendLayerNormalization(graph, graph.op('Add', [mixed, input]), `${name}.attention.normalization`);
  const wide = appendLinear(graph, middle, { name: `${name}.intermediate`, units: intermediate }, random);
  const narrow = appendLinear(graph, graph.op('Gelu', [wide]), { name: `${name}.output`, units: hidden }, random);
  const kept = appendDropout(graph, narrow, dropout, `${name}.output`);
  return appendLayerNormalization(graph, graph.op('Add', [kept, middle]), `${name}.normalization`);
}

/** Appends layer normalisation over the last axis; its result bears its name. */
function appendLayerNormalization(graph: Graph, input: Value, name: string): Value {
  const size = Number(input.shape.at(-1));
  const scale = graph.initializer(`${name}.scale`, filled([size], 1));
  const bias = graph.initializer(`${name}.bias`, filled([size], 0));
  const attributes = { axis: int(-1), epsilon: float(LAYER_NORMALIZATION_EPSILON) };
  return graph.op('LayerNormalization', [input, scale, bias], attributes, { name, outputs: [name] });
}

/** One vector per text [batch, hidden] from those of its tokens. */
function appendPooling(graph: Graph, tokens: Value, mask: Value, pooling: TransformerOptions['pooling']): Value {
  switch (pooling) {
    case 'first':
      return graph.op('Gather', [tokens, graph.constant({ type: 'int64', shape: [], data: BigInt64Array.of(0n) })], {
        axis: int(1),
      });
    case 'mean': {
      const present = appendFloatMask(graph, mask, [2]);
      const sum = (value: Value): Value => graph.op('ReduceSum', [value, graph.integers([1])], { keepdims: int(0) });
      // A text without tokens has the mean 0.
      const count = graph.op('Max', [sum(present), graph.scalar(1)]);
      return graph.op('Div', [sum(graph.op('Mul', [tokens, present])), count]);
    }
  }
}
