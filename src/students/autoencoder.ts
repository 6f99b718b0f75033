import { DistilleryError } from '../errors.ts';
import { int, ints, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { elementCount } from '../onnx/tensor.ts';
import { filled, heNormal, type Random } from './initialize.ts';
import { appendConvolution } from './layers.ts';
import { appendDense } from './mlp.ts';

export interface AutoencoderOptions {
  /** Channels of each convolution that halves an image; the way back mirrors them. */
  readonly channels: readonly number[];
  /** Units of each dense layer before the code of a vector; the way back mirrors them. */
  readonly hidden: readonly number[];
  /** Numbers of the code between the two halves. */
  readonly bottleneck: number;
}

/**
 * Appends an autoencoder: a code of `bottleneck` numbers (the value `code`) and the way back from it. Images are halved by
 * 3×3 convolutions of stride 2 and doubled by transposed ones; other samples, and images when there are no `channels`, go
 * through dense layers.
 *
 * @param input [batch, …]
 * @param outputShape of images: any number of channels, height and width of the input; else anything
 * @returns [batch, …outputShape] for images, else [batch, elements]
 * @throws DistilleryError `BAD_INPUT` when an image of another size is wanted
 */
export function appendAutoencoder(
  graph: Graph,
  input: Value,
  options: AutoencoderOptions,
  outputShape: readonly number[],
  random: Random,
): Value {
  return input.shape.length === 4 && options.channels.length > 0
    ? appendImageAutoencoder(graph, input, options, outputShape, random)
    : appendVectorAutoencoder(graph, input, options, elementCount(outputShape), random);
}

function appendVectorAutoencoder(
  graph: Graph,
  input: Value,
  { hidden, bottleneck }: AutoencoderOptions,
  outputs: number,
  random: Random,
): Value {
  let value = graph.op('Flatten', [input], { axis: int(1) });
  hidden.forEach((units, index) => {
    value = appendActivatedDense(graph, value, `encoder.dense${index + 1}`, units, random);
  });
  value = appendCode(graph, value, bottleneck, random);
  hidden.toReversed().forEach((units, index) => {
    value = appendActivatedDense(graph, value, `decoder.dense${index + 1}`, units, random);
  });
  return appendDense(graph, value, { name: 'decoder.output', units: outputs, last: true }, random);
}

function appendImageAutoencoder(
  graph: Graph,
  input: Value,
  { channels, bottleneck }: AutoencoderOptions,
  outputShape: readonly number[],
  random: Random,
): Value {
  const [outputChannels = 1, ...outputSize] = outputShape;
  const inputSize = spatialSize(input);
  if (outputShape.length !== 3 || outputSize.join() !== inputSize.join()) {
    throw new DistilleryError(
      'BAD_INPUT',
      `An autoencoder of images of ${inputSize.join('×')} pixels cannot give the shape [${outputShape.join(', ')}].`,
      { hint: "Its output has the image's size; choose the architecture 'mlp' for other shapes." },
    );
  }
  const stages: (readonly number[])[] = [];
  let value = input;
  channels.forEach((count, index) => {
    stages.push(value.shape.slice(1).map(Number));
    const layer = { name: `encoder.stage${index + 1}`, channels: count, kernel: 3, stride: 2, bias: true };
    value = graph.op('Relu', [appendConvolution(graph, value, layer, random)]);
  });
  const deepest = value.shape.slice(1).map(Number);
  value = appendCode(graph, graph.op('Flatten', [value], { axis: int(1) }), bottleneck, random);
  value = appendActivatedDense(graph, value, 'decoder.dense', elementCount(deepest), random);
  value = graph.op('Reshape', [value, graph.integers([0, ...deepest])]);
  stages.toReversed().forEach(([stageChannels = 1, ...size], index) => {
    const isLast = index === stages.length - 1;
    const layer = { name: `decoder.stage${index + 1}`, channels: isLast ? outputChannels : stageChannels, size };
    const enlarged = appendDoubling(graph, value, layer, random);
    value = isLast ? enlarged : graph.op('Relu', [enlarged]);
  });
  return value;
}

function appendCode(graph: Graph, features: Value, bottleneck: number, random: Random): Value {
  const code = appendDense(graph, features, { name: 'encoder.code', units: bottleneck, last: true }, random);
  return graph.op('Identity', [code], {}, { outputs: ['code'] });
}

function appendActivatedDense(graph: Graph, input: Value, name: string, units: number, random: Random): Value {
  return graph.op('Relu', [appendDense(graph, input, { name, units, last: false }, random)]);
}

/** A transposed 3×3 convolution of stride 2 to images of `size`, of which a convolution of stride 2 makes the input's. */
function appendDoubling(
  graph: Graph,
  input: Value,
  layer: { readonly name: string; readonly channels: number; readonly size: readonly number[] },
  random: Random,
): Value {
  const { name, channels, size } = layer;
  const inputChannels = Number(input.shape[1]);
  // Every output gets a quarter of the nine taps of each input channel.
  const fanIn = (inputChannels * 9) / 4;
  const weight = graph.initializer(`${name}.weight`, heNormal(random, [inputChannels, channels, 3, 3], fanIn));
  const bias = graph.initializer(`${name}.bias`, filled([channels], 0));
  const given = spatialSize(input);
  const attributes = {
    kernel_shape: ints([3, 3]),
    pads: ints([1, 1, 1, 1]),
    strides: ints([2, 2]),
    output_padding: ints(size.map((wanted, axis) => wanted - (2 * (given[axis] ?? 1) - 1))),
  };
  return graph.op('ConvTranspose', [input, weight, bias], attributes, { name });
}

function spatialSize(images: Value): number[] {
  return images.shape.slice(2).map(Number);
}
