import { int, ints, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { Random } from './initialize.ts';
import { appendNormalizedConvolution } from './layers.ts';
import { appendDense } from './mlp.ts';

/** Layers with weights on the longest way. 6n + 2 are those for small images, the others those for ImageNet. */
const resnetDepths = [8, 14, 18, 20, 32, 34, 44, 50, 56, 110] as const;

export interface ResnetOptions {
  readonly depth: (typeof resnetDepths)[number];
  /** Factor of all widths. */
  readonly width: number;
  /** How the network begins; by default `cifar` for images of up to 64 pixels. */
  readonly stem?: 'cifar' | 'imagenet' | undefined;
}

interface Plan {
  readonly stemChannels: number;
  /** Channels and number of blocks of each stage; every stage but the first halves the image. */
  readonly stages: readonly { readonly channels: number; readonly blocks: number }[];
  /** A bottleneck block ends with four times its channels. */
  readonly bottleneck: boolean;
}

/** Images whose smaller side is up to this long are small: nothing is gained by halving them early. */
const LARGEST_SMALL_IMAGE = 64;

/** Whether images are so small that networks begin without halving them. */
export function areSmallImages(sampleShape: readonly number[]): boolean {
  return Math.min(...sampleShape.slice(1)) <= LARGEST_SMALL_IMAGE;
}

/**
 * Appends a residual network (arXiv 1512.03385): the basic blocks of sections 4.1 and 4.2, the bottleneck blocks with the
 * stride in their 3×3 convolution, as usual today. Where a block changes the shape its shortcut is a 1×1 convolution.
 *
 * @param input images [batch, channels, height, width]
 * @returns [batch, outputs]
 */
export function appendResnet(
  graph: Graph,
  input: Value,
  options: ResnetOptions,
  outputs: number,
  random: Random,
): Value {
  const plan = planOf(options.depth);
  const scaled = (channels: number): number => Math.max(1, Math.round(channels * options.width));
  const stem = options.stem ?? (areSmallImages(input.shape.slice(1).map(Number)) ? 'cifar' : 'imagenet');
  let value = appendStem(graph, input, stem, scaled(plan.stemChannels), random);
  plan.stages.forEach(({ channels, blocks }, stage) => {
    for (let block = 0; block < blocks; block++) {
      value = appendBlock(
        graph,
        value,
        {
          name: `stage${stage + 1}.block${block + 1}`,
          channels: scaled(channels),
          stride: stage > 0 && block === 0 ? 2 : 1,
          bottleneck: plan.bottleneck,
        },
        random,
      );
    }
  });
  const pooled = graph.op('Flatten', [graph.op('GlobalAveragePool', [value])], { axis: int(1) });
  return appendDense(graph, pooled, { name: 'output', units: outputs, last: true }, random);
}

function planOf(depth: ResnetOptions['depth']): Plan {
  const imagenet = (blocks: readonly number[], bottleneck: boolean): Plan => ({
    stemChannels: 64,
    stages: [64, 128, 256, 512].map((channels, stage) => ({ channels, blocks: blocks[stage] ?? 0 })),
    bottleneck,
  });
  switch (depth) {
    case 18:
      return imagenet([2, 2, 2, 2], false);
    case 34:
      return imagenet([3, 4, 6, 3], false);
    case 50:
      return imagenet([3, 4, 6, 3], true);
    case 8:
    case 14:
    case 20:
    case 32:
    case 44:
    case 56:
    case 110:
      return {
        stemChannels: 16,
        stages: [16, 32, 64].map((channels) => ({ channels, blocks: (depth - 2) / 6 })),
        bottleneck: false,
      };
  }
}

function appendStem(graph: Graph, input: Value, stem: 'cifar' | 'imagenet', channels: number, random: Random): Value {
  const layer = stem === 'cifar' ? { kernel: 3 } : { kernel: 7, stride: 2 };
  const value = graph.op('Relu', [
    appendNormalizedConvolution(graph, input, { name: 'stem', channels, ...layer }, random),
  ]);
  if (stem === 'cifar') return value;
  return graph.op('MaxPool', [value], {
    kernel_shape: ints([3, 3]),
    strides: ints([2, 2]),
    pads: ints([1, 1, 1, 1]),
  });
}

interface Block {
  readonly name: string;
  readonly channels: number;
  readonly stride: number;
  readonly bottleneck: boolean;
}

function appendBlock(graph: Graph, input: Value, block: Block, random: Random): Value {
  const { name, channels, stride, bottleneck } = block;
  const layers = bottleneck
    ? [
        { channels, kernel: 1 },
        { channels, kernel: 3, stride },
        { channels: 4 * channels, kernel: 1 },
      ]
    : [
        { channels, kernel: 3, stride },
        { channels, kernel: 3 },
      ];
  let value = input;
  layers.forEach((layer, index) => {
    if (index > 0) value = graph.op('Relu', [value]);
    value = appendNormalizedConvolution(graph, value, { name: `${name}.convolution${index + 1}`, ...layer }, random);
  });
  const outputChannels = Number(value.shape[1]);
  const keepsShape = stride === 1 && Number(input.shape[1]) === outputChannels;
  const shortcut = keepsShape
    ? input
    : appendNormalizedConvolution(
        graph,
        input,
        { name: `${name}.shortcut`, channels: outputChannels, kernel: 1, stride },
        random,
      );
  return graph.op('Relu', [graph.op('Add', [value, shortcut])], {}, { outputs: [name] });
}
