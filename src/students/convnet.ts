import { ints, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { Random } from './initialize.ts';
import { appendBatchNormalization, appendConvolution, appendDropout } from './layers.ts';
import { appendMlp, type MlpOptions } from './mlp.ts';

/** The convolutions, and the dense layers after them. */
export interface ConvnetOptions extends MlpOptions {
  /** Channels of each 3×3 convolution stage. */
  readonly channels: readonly number[];
  readonly batchNormalization: boolean;
}

/**
 * Appends a small convolutional network: stages of 3×3 convolution, batch normalisation, ReLU and 2×2 max pooling, then
 * dense layers with dropout of what they read.
 *
 * @param input images [batch, channels, height, width]; both sides at least 2 to the power of the number of stages
 * @returns [batch, outputs]
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
    value = graph.op('Relu', [value], {}, { outputs: [`${stage}.activation`] });
    value = graph.op('MaxPool', [value], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
  });
  return appendMlp(graph, appendDropout(graph, value, options.dropout, 'features'), options, outputs, random);
}
