import { ints, type Graph, type Value } from '../onnx/graph.ts';
import type { Random } from './initialize.ts';
import { appendBatchNormalization, appendConvolution } from './layers.ts';
import { appendMlp } from './mlp.ts';

export interface ConvnetOptions {
  /** Channels of each 3×3 convolution stage. */
  readonly channels: readonly number[];
  /** Units of the dense layers after the convolutions. */
  readonly hidden: readonly number[];
  readonly batchNormalization: boolean;
}

/**
 * Appends a small convolutional network: stages of 3×3 convolution, batch normalisation, ReLU and 2×2 max pooling, then
 * dense layers.
 *
 * @param input images [batch, channels, height, width]; both sides at least 2 to the power of the number of stages
 * @returns logits [batch, outputs]
 */
export function appendConvnet(
  graph: Graph,
  input: Value,
  options: ConvnetOptions,
  outputs: number,
  random: Random,
): Value {
  let value = input;
  options.channels.forEach((channels, index) => {
    const stage = `stage${index + 1}`;
    const layer = { name: `${stage}.convolution`, channels, kernel: 3 };
    if (options.batchNormalization) {
      value = appendConvolution(graph, value, layer, random);
      value = appendBatchNormalization(graph, value, `${stage}.normalization`);
    } else {
      value = appendConvolution(graph, value, { ...layer, bias: true }, random);
    }
    value = graph.op('Relu', [value]);
    value = graph.op('MaxPool', [value], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
  });
  return appendMlp(graph, value, options.hidden, outputs, random);
}
