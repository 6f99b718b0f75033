import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { Random } from './initialize.ts';
import { appendNormalizedConvolution, type ConvolutionLayer } from './layers.ts';
import { appendDense } from './mlp.ts';
import { areSmallImages } from './resnet.ts';

export interface Mobilenetv2Options {
  /** Factor of all widths. */
  readonly width: number;
}

/** Table 2 of the paper: expansion, channels, blocks, and stride of the first block. */
const stages = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
] as const;

/**
 * Appends MobileNetV2 (arXiv 1801.04381): inverted residual blocks with depthwise convolutions and linear bottlenecks.
 * Images of up to 64 pixels are halved three times instead of five times, by leaving out the first two halvings.
 *
 * @param input images [batch, channels, height, width]
 * @returns [batch, outputs]
 */
export function appendMobilenetv2(
  graph: Graph,
  input: Value,
  { width }: Mobilenetv2Options,
  outputs: number,
  random: Random,
): Value {
  const small = areSmallImages(input.shape.slice(1).map(Number));
  const activated = (value: Value, layer: ConvolutionLayer): Value =>
    graph.op('Clip', [appendNormalizedConvolution(graph, value, layer, random), graph.scalar(0), graph.scalar(6)]);
  let value = activated(input, { name: 'stem', channels: roundWidth(32 * width), kernel: 3, stride: small ? 1 : 2 });
  stages.forEach((stage, stageIndex) => {
    for (let index = 0; index < stage.blocks; index++) {
      const name = `stage${stageIndex + 1}.block${index + 1}`;
      const halves = index === 0 && !(small && stageIndex === 1);
      const stride = halves ? stage.stride : 1;
      const before = value;
      const inputChannels = Number(before.shape[1]);
      const channels = roundWidth(stage.channels * width);
      const expanded = inputChannels * stage.expansion;
      if (stage.expansion > 1) value = activated(value, { name: `${name}.expansion`, channels: expanded, kernel: 1 });
      value = activated(value, {
        name: `${name}.depthwise`,
        channels: expanded,
        kernel: 3,
        stride,
        groups: expanded,
      });
      value = appendNormalizedConvolution(graph, value, { name: `${name}.projection`, channels, kernel: 1 }, random);
      if (stride === 1 && inputChannels === channels) value = graph.op('Add', [before, value], {}, { outputs: [name] });
    }
  });
  value = activated(value, { name: 'head', channels: roundWidth(1280 * Math.max(1, width)), kernel: 1 });
  const pooled = graph.op('Flatten', [graph.op('GlobalAveragePool', [value])], { axis: int(1) });
  return appendDense(graph, pooled, { name: 'output', units: outputs, last: true }, random);
}

/** The nearest multiple of 8, at least 8, and never less than nine tenths of the width. */
function roundWidth(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
