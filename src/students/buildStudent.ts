import { DistilleryError } from '../errors.ts';
import { Graph } from '../onnx/graph.ts';
import { appendConvnet, type ConvnetOptions } from './convnet.ts';
import type { Random } from './initialize.ts';
import { appendMlp } from './mlp.ts';
import { appendMobilenetv2, type Mobilenetv2Options } from './mobilenetv2.ts';
import { appendResnet, type ResnetOptions } from './resnet.ts';

/** A network that Distillery builds, with every default filled in. */
export type Architecture =
  | { readonly architecture: 'mlp'; readonly hidden: readonly number[] }
  | ({ readonly architecture: 'convnet' } & ConvnetOptions)
  | ({ readonly architecture: 'resnet' } & ResnetOptions)
  | ({ readonly architecture: 'mobilenetv2' } & Mobilenetv2Options);

/**
 * Builds the forward graph of a network with fresh weights: input `input` [batch, …sampleShape] with a symbolic batch,
 * output `logits` [batch, classes].
 *
 * @param sampleShape dimensions of one sample, such as [1, 28, 28]
 * @throws DistilleryError `BAD_INPUT` when the architecture does not suit the samples
 */
export function buildStudent(
  architecture: Architecture,
  sampleShape: readonly number[],
  classes: number,
  random: Random,
): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['batch', ...sampleShape]);
  switch (architecture.architecture) {
    case 'mlp':
      graph.output(appendMlp(graph, input, architecture.hidden, classes, random), 'logits');
      break;
    case 'convnet':
      requireImages(architecture.architecture, sampleShape);
      requireRoom(architecture, sampleShape);
      graph.output(appendConvnet(graph, input, architecture, classes, random), 'logits');
      break;
    case 'resnet':
      requireImages(architecture.architecture, sampleShape);
      graph.output(appendResnet(graph, input, architecture, classes, random), 'logits');
      break;
    case 'mobilenetv2':
      requireImages(architecture.architecture, sampleShape);
      graph.output(appendMobilenetv2(graph, input, architecture, classes, random), 'logits');
      break;
  }
  return graph;
}

function requireImages(architecture: Architecture['architecture'], sampleShape: readonly number[]): void {
  if (sampleShape.length === 3) return;
  throw new DistilleryError(
    'BAD_INPUT',
    `A ${architecture} needs images, but the samples have shape [${sampleShape.join(', ')}].`,
    { hint: "Choose the architecture 'mlp'." },
  );
}

/** Every stage of a convnet halves the image. */
function requireRoom({ channels }: ConvnetOptions, sampleShape: readonly number[]): void {
  const smallest = Math.min(...sampleShape.slice(1));
  if (smallest >= 2 ** channels.length) return;
  throw new DistilleryError('BAD_INPUT', `${channels.length} stages halve an image of ${smallest} pixels to nothing.`, {
    hint: `Use at most ${Math.floor(Math.log2(smallest))} stages.`,
  });
}
