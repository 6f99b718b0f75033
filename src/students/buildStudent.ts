import { DistilleryError } from '../errors.ts';
import { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { appendAutoencoder, type AutoencoderOptions } from './autoencoder.ts';
import { appendConvnet, type ConvnetOptions } from './convnet.ts';
import type { Random } from './initialize.ts';
import { appendMlp, type MlpOptions } from './mlp.ts';
import { appendMobilenetv2, type Mobilenetv2Options } from './mobilenetv2.ts';
import {
  outputSize,
  requireImages,
  requireLogits,
  requireTensor,
  requireTokens,
  requireValues,
  type NetworkForm,
  type OutputForm,
} from './networkForm.ts';
import { appendResnet, type ResnetOptions } from './resnet.ts';
import { appendSoftTree, type SoftTreeOptions } from './softTree/softTree.ts';
import { appendTextcnn, type TextcnnOptions } from './textcnn.ts';
import { appendTransformer, type TransformerOptions } from './transformer/transformer.ts';

/** A network that Distillery builds, with every default filled in. */
export type Architecture =
  | ({ readonly architecture: 'mlp' } & MlpOptions)
  | ({ readonly architecture: 'convnet' } & ConvnetOptions)
  | ({ readonly architecture: 'resnet' } & ResnetOptions)
  | ({ readonly architecture: 'mobilenetv2' } & Mobilenetv2Options)
  | ({ readonly architecture: 'transformer' } & TransformerOptions)
  | ({ readonly architecture: 'textcnn' } & TextcnnOptions)
  | ({ readonly architecture: 'autoencoder' } & AutoencoderOptions)
  | ({ readonly architecture: 'soft-tree' } & SoftTreeOptions);

/**
 * Builds the forward graph of a network with fresh weights and a symbolic batch. It takes numbers as `input`
 * [batch, …shape] or texts as `input_ids` and `attention_mask` [batch, length], and gives `logits` [batch, classes],
 * with an output per token `logits` [batch, length, classes], or `output` [batch, …shape].
 *
 * @throws DistilleryError `BAD_INPUT` when the architecture does not suit the samples or the output
 */
export function buildStudent(architecture: Architecture, form: NetworkForm, random: Random): Graph {
  const graph = new Graph();
  declareOutput(graph, appendNetwork(graph, architecture, form, random), form.output);
  return graph;
}

function appendNetwork(graph: Graph, architecture: Architecture, form: NetworkForm, random: Random): Value {
  const { architecture: name } = architecture;
  const values = ({ shape }: { readonly shape: readonly number[] }): Value =>
    graph.input('input', 'float32', ['batch', ...shape]);
  const outputs = (): number => outputSize(name, form.output);
  switch (architecture.architecture) {
    case 'mlp':
      return appendMlp(graph, values(requireValues(name, form)), architecture, outputs(), random);
    case 'convnet': {
      const images = requireImages(name, form);
      requireRoom(architecture, images.shape);
      return appendConvnet(graph, values(images), architecture, outputs(), random);
    }
    case 'resnet':
      return appendResnet(graph, values(requireImages(name, form)), architecture, outputs(), random);
    case 'mobilenetv2':
      return appendMobilenetv2(graph, values(requireImages(name, form)), architecture, outputs(), random);
    case 'transformer':
      return appendTransformer(graph, requireTokens(name, form), architecture, form.output, random);
    case 'textcnn':
      return appendTextcnn(graph, requireTokens(name, form), architecture, outputs(), random);
    case 'autoencoder': {
      const { shape } = requireTensor(name, form);
      return appendAutoencoder(graph, values(requireValues(name, form)), architecture, shape, random);
    }
    case 'soft-tree': {
      const { classes } = requireLogits(name, form);
      return appendSoftTree(graph, values(requireValues(name, form)), architecture, classes, random);
    }
  }
}

/** Every stage of a convnet halves the image. */
function requireRoom({ channels }: ConvnetOptions, sampleShape: readonly number[]): void {
  const smallest = Math.min(...sampleShape.slice(1));
  if (smallest >= 2 ** channels.length) return;
  throw new DistilleryError('BAD_INPUT', `${channels.length} stages halve an image of ${smallest} pixels to nothing.`, {
    hint: `Use at most ${Math.floor(Math.log2(smallest))} stages.`,
  });
}

/** Gives the result its name and, where it is a tensor, its dimensions. */
function declareOutput(graph: Graph, value: Value, output: OutputForm): void {
  if (output.kind !== 'values') {
    graph.output(value, 'logits');
    return;
  }
  // The last dense layer is a node named `output` already.
  const options = { name: 'output.values', outputs: ['output'] };
  const target = graph.integers([0, ...output.shape]);
  graph.output(graph.op('Reshape', [value, target], {}, options));
}
