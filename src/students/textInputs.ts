import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import { normal, type Random } from './initialize.ts';
import type { TokenSamples } from './networkForm.ts';

/** The inputs of a network that reads texts, named as those exported from transformers are. */
export interface TextInputs {
  /** `input_ids`, int64 [batch, length]. */
  readonly ids: Value;
  /** `attention_mask`, int64 [batch, length]: 1 at tokens and 0 at padding. */
  readonly mask: Value;
}

/** Declares `input_ids` and `attention_mask` as inputs of the graph. */
export function declareTextInputs(graph: Graph, { length }: TokenSamples): TextInputs {
  return {
    ids: graph.input('input_ids', 'int64', ['batch', length]),
    mask: graph.input('attention_mask', 'int64', ['batch', length]),
  };
}

/** The mask, with axes of size 1 added, as numbers to compute with. */
export function appendFloatMask(graph: Graph, mask: Value, newAxes: readonly number[]): Value {
  const spread = graph.op('Unsqueeze', [mask, graph.integers(newAxes)]);
  return graph.op('Cast', [spread], { to: int(dataTypeCode('float32')) });
}

/** Appends a table of one learned vector per word of the vocabulary: [batch, length] becomes [batch, length, size]. */
export function appendWordEmbedding(
  graph: Graph,
  ids: Value,
  table: { readonly name: string; readonly vocabulary: number; readonly size: number; readonly deviation: number },
  random: Random,
): Value {
  const { name, vocabulary, size, deviation } = table;
  const weight = graph.initializer(`${name}.weight`, normal(random, [vocabulary, size], deviation));
  return graph.op('Gather', [weight, ids], {}, { name });
}
