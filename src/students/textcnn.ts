import { DistilleryError } from '../errors.ts';
import { int, ints, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { filled, heNormal, type Random } from './initialize.ts';
import { appendDropout } from './layers.ts';
import { appendDense } from './mlp.ts';
import type { TokenSamples } from './networkForm.ts';
import { appendFloatMask, appendWordEmbedding, declareTextInputs } from './textInputs.ts';

export interface TextcnnOptions {
  /** Numbers that stand for a word. */
  readonly embedding: number;
  /** Words that each group of convolutions sees at once. */
  readonly widths: readonly number[];
  /** Convolutions of each width. */
  readonly filters: number;
  /** Share of the features that is dropped in training; default 0. */
  readonly dropout?: number | undefined;
}

/**
 * Appends a convolutional network for texts (Kim, arXiv 1408.5882): embedded words, convolutions of several widths over
 * them, ReLU, the maximum of each over the text, and a dense layer. Padding counts as vectors of zeros, and windows that
 * begin at padding take no part in the maximum. Its inputs are those of `declareTextInputs`.
 *
 * @returns [batch, outputs]
 * @throws DistilleryError `BAD_INPUT` when a convolution is wider than a text
 */
export function appendTextcnn(
  graph: Graph,
  samples: TokenSamples,
  options: TextcnnOptions,
  outputs: number,
  random: Random,
): Value {
  const widest = Math.max(...options.widths);
  if (widest > samples.length) {
    throw new DistilleryError(
      'BAD_INPUT',
      `A convolution over ${widest} words does not fit texts of ${samples.length} tokens.`,
      { hint: `Use widths of at most ${samples.length}, or longer texts.` },
    );
  }
  const { ids, mask } = declareTextInputs(graph, samples);
  const table = { name: 'embedding', vocabulary: samples.vocabulary, size: options.embedding, deviation: 1 };
  const words = graph.op('Mul', [appendWordEmbedding(graph, ids, table, random), appendFloatMask(graph, mask, [2])]);
  const channelsFirst = graph.op('Transpose', [words], { perm: ints([0, 2, 1]) });
  const present = appendFloatMask(graph, mask, [1]);
  const pooled = options.widths.map((width) => {
    const features = appendWidth(graph, channelsFirst, { width, filters: options.filters }, random);
    // Features are at least 0, so that 0 never hides one.
    const counted = graph.op('Mul', [features, present]);
    return graph.op('ReduceMax', [counted, graph.integers([2])], { keepdims: int(0) });
  });
  const features = appendDropout(graph, graph.op('Concat', pooled, { axis: int(1) }), options.dropout, 'features');
  return appendDense(graph, features, { name: 'output', units: outputs, last: true }, random);
}

/** Convolutions over `width` words with ReLU: [batch, embedding, length] becomes [batch, filters, length]. */
function appendWidth(
  graph: Graph,
  words: Value,
  { width, filters }: { readonly width: number; readonly filters: number },
  random: Random,
): Value {
  const name = `width${width}`;
  const size = Number(words.shape[1]);
  const weight = graph.initializer(`${name}.weight`, heNormal(random, [filters, size, width], size * width));
  const bias = graph.initializer(`${name}.bias`, filled([filters], 0));
  // Zeros after the end, so that a window begins at every token.
  const attributes = { kernel_shape: ints([width]), pads: ints([0, width - 1]) };
  return graph.op('Relu', [graph.op('Conv', [words, weight, bias], attributes, { name })]);
}
