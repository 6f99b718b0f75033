import { ints, type Graph, type Value } from '../onnx/graph.ts';
import { filled, heNormal, type Random } from './initialize.ts';
import { appendMlp } from './mlp.ts';

export interface ConvnetOptions {
  /** Channels of each 3×3 convolution stage. */
  readonly channels: readonly number[];
  /** Units of the dense layers after the convolutions. */
  readonly hidden: readonly number[];
  readonly batchNormalization: boolean;
}

/** Appends a 3×3 convolution of stride 1 that keeps the image's size. Without normalisation it has a bias. */
function appendConvolution(
  graph: Graph,
  input: Value,
  name: string,
  channels: number,
  bias: boolean,
  random: Random,
): Value {
  const inputChannels = Number(input.shape[1]);
  const weight = graph.initializer(
    `${name}.weight`,
    heNormal(random, [channels, inputChannels, 3, 3], inputChannels * 9),
  );
  const inputs = bias ? [input, weight, graph.initializer(`${name}.bias`, filled([channels], 0))] : [input, weight];
  return graph.op(
    'Conv',
    inputs,
    { kernel_shape: ints([3, 3]), pads: ints([1, 1, 1, 1]), strides: ints([1, 1]) },
    { name },
  );
}

/** Appends batch normalisation over the channels of `input`, in inference form. */
function appendBatchNormalization(graph: Graph, input: Value, name: string): Value {
  const channels = Number(input.shape[1]);
  const initial = (suffix: string, value: number): Value =>
    graph.initializer(`${name}.${suffix}`, filled([channels], value));
  return graph.op(
    'BatchNormalization',
    [input, initial('scale', 1), initial('bias', 0), initial('mean', 0), initial('variance', 1)],
    {},
    { name },
  );
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
    value = appendConvolution(graph, value, `${stage}.convolution`, channels, !options.batchNormalization, random);
    if (options.batchNormalization) value = appendBatchNormalization(graph, value, `${stage}.normalization`);
    value = graph.op('Relu', [value]);
    value = graph.op('MaxPool', [value], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
  });
  return appendMlp(graph, value, options.hidden, outputs, random);
}
