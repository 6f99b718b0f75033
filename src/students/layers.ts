import { float, ints, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { filled, heNormal, type Random } from './initialize.ts';

export interface ConvolutionLayer {
  readonly name: string;
  /** Output channels. */
  readonly channels: number;
  /** Height and width of the kernel, which is odd. */
  readonly kernel: number;
  readonly stride?: number;
  /** 1 for an ordinary convolution, the number of channels for a depthwise one. */
  readonly groups?: number;
  readonly bias?: boolean;
}

/** Appends a convolution that is padded so that a stride of 1 keeps the image's size. */
export function appendConvolution(graph: Graph, input: Value, layer: ConvolutionLayer, random: Random): Value {
  const { name, channels, kernel, stride = 1, groups = 1, bias = false } = layer;
  const inputChannels = Number(input.shape[1]) / groups;
  const weight = graph.initializer(
    `${name}.weight`,
    heNormal(random, [channels, inputChannels, kernel, kernel], inputChannels * kernel * kernel),
  );
  const inputs = bias ? [input, weight, graph.initializer(`${name}.bias`, filled([channels], 0))] : [input, weight];
  const margin = (kernel - 1) / 2;
  return graph.op(
    'Conv',
    inputs,
    {
      kernel_shape: ints([kernel, kernel]),
      pads: ints([margin, margin, margin, margin]),
      strides: ints([stride, stride]),
      ...(groups > 1 && { group: { kind: 'int', value: groups } }),
    },
    { name },
  );
}

/** Appends batch normalisation over the channels of `input`, in inference form. */
export function appendBatchNormalization(graph: Graph, input: Value, name: string): Value {
  const channels = Number(input.shape[1]);
  const initial = (suffix: string, value: number): Value =>
    graph.initializer(`${name}.${suffix}`, filled([channels], value));
  return graph.op(
    'BatchNormalization',
    [input, initial('scale', 1), initial('bias', 0), initial('mean', 0), initial('variance', 1)],
    { epsilon: float(1e-5) },
    { name },
  );
}

/** Appends a convolution without bias and the batch normalisation that takes its place, as `name` and `name.normalization`. */
export function appendNormalizedConvolution(
  graph: Graph,
  input: Value,
  layer: ConvolutionLayer,
  random: Random,
): Value {
  const convolved = appendConvolution(graph, input, layer, random);
  return appendBatchNormalization(graph, convolved, `${layer.name}.normalization`);
}

/**
 * Appends dropout (Srivastava et al., JMLR 15, 2014) as a node and a value named `<layer>.dropout`: nothing but a name in
 * inference, a random mask in training. `value` itself when the ratio is 0 or missing.
 */
export function appendDropout(graph: Graph, value: Value, ratio: number | undefined, layer: string): Value {
  if (!ratio) return value;
  const name = `${layer}.dropout`;
  return graph.op('Dropout', [value, graph.scalar(ratio)], {}, { name, outputs: [name] });
}
