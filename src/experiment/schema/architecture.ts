import * as z from 'zod';
import { decisionTree, gradientBoosting, linear, randomForest, svm } from './estimators.ts';

const count = z.int().positive();
const hiddenSizes = z.array(count.max(65_536)).max(16);
const dropout = z.number().min(0).max(0.99).default(0).describe('Share that is dropped at random in training.');

export const mlp = z
  .strictObject({
    architecture: z.literal('mlp'),
    hidden: hiddenSizes.default([800, 800]).describe('Units of each hidden layer.'),
    dropout,
  })
  .describe('Dense layers, for vectors, tables and small images.');

export const convnet = z
  .strictObject({
    architecture: z.literal('convnet'),
    channels: z
      .array(count.max(4096))
      .min(1)
      .max(8)
      .default([16, 32])
      .describe('Channels of each 3×3 convolution stage; every stage halves the image.'),
    hidden: hiddenSizes.default([]).describe('Units of the dense layers after the convolutions.'),
    batchNormalization: z.boolean().default(true).describe('Normalise after every convolution.'),
    dropout,
  })
  .describe('Stages of convolutions, for images.');

const width = z.number().min(0.01).max(16).default(1).describe('Factor of all widths.');

export const resnet = z
  .strictObject({
    architecture: z.literal('resnet'),
    depth: z
      .literal([8, 14, 18, 20, 32, 34, 44, 50, 56, 110])
      .default(20)
      .describe(
        'Layers: 8, 14, 20, 32, 44, 56 or 110 for small images; 18, 34 or 50, which are wider, for large ones.',
      ),
    width,
    stem: z
      .enum(['cifar', 'imagenet'])
      .optional()
      .describe('How it begins: with a 3×3 convolution, or 7×7 and pooling for large images. Default: by the image.'),
  })
  .describe('Residual network, for images (arXiv 1512.03385).');

export const mobilenetv2 = z
  .strictObject({ architecture: z.literal('mobilenetv2'), width })
  .describe('Separable convolutions, small and fast, for images (arXiv 1801.04381).');

export const transformer = z
  .strictObject({
    architecture: z.literal('transformer'),
    layers: count.max(48).default(4).describe('Encoder layers.'),
    heads: count.max(64).default(4).describe('Attention heads of every layer; they divide `hidden`.'),
    hidden: count.max(8192).default(256).describe('Numbers that stand for a token between the layers.'),
    intermediate: count
      .max(65_536)
      .optional()
      .describe('Units of the dense layer within every encoder layer. Default: 4 × hidden.'),
    dropout,
    pooling: z
      .enum(['first', 'mean'])
      .default('mean')
      .describe('What stands for a whole text: its first token, or the mean of its tokens.'),
    teacherLayers: z
      .array(z.int().min(0))
      .optional()
      .describe(
        "Layers of the teacher, counted from 0, that the student's begin with where shapes fit; an empty list takes " +
          'every other one, as DistilBERT does.',
      ),
  })
  .describe('Text encoder (arXiv 1810.04805).');

export const textcnn = z
  .strictObject({
    architecture: z.literal('textcnn'),
    embedding: count.max(4096).default(128).describe('Numbers that stand for a word.'),
    widths: z
      .array(count.max(32))
      .min(1)
      .max(8)
      .default([3, 4, 5])
      .describe('Words that each group of convolutions sees at once.'),
    filters: count.max(4096).default(100).describe('Convolutions of each width.'),
    dropout,
  })
  .describe('Convolutions over words, for texts (arXiv 1408.5882).');

export const autoencoder = z
  .strictObject({
    architecture: z.literal('autoencoder'),
    channels: z
      .array(count.max(4096))
      .max(8)
      .default([16, 32])
      .describe('Channels of each convolution that halves an image; none for dense layers alone.'),
    hidden: hiddenSizes.default([]).describe('Units of each dense layer before the code.'),
    bottleneck: count.max(65_536).default(32).describe('Numbers of the code between the two halves.'),
  })
  .describe('Squeezes a sample through a short code and back.');

const softTree = z
  .strictObject({
    architecture: z.literal('soft-tree'),
    depth: count.max(10).default(6).describe('Decisions from the root to a leaf.'),
    beta: z.number().min(0.001).max(100).default(1).describe('The larger, the harder the decisions are.'),
    penalty: z
      .number()
      .min(0)
      .max(100)
      .default(0.1)
      .describe('Weight of the penalty for nodes that send all samples one way.'),
    predict: z
      .enum(['mean', 'best-leaf'])
      .default('mean')
      .describe('What the tree says: the mean of its leaves by their probability, or the likeliest leaf.'),
  })
  .describe('A decision tree that a person can read (arXiv 1711.09784).');

/** A network that Distillery builds, or what it fits in the place of one. */
export const architectureSchema = z.discriminatedUnion('architecture', [
  mlp,
  convnet,
  resnet,
  mobilenetv2,
  transformer,
  textcnn,
  autoencoder,
  softTree,
  decisionTree,
  randomForest,
  gradientBoosting,
  linear,
  svm,
]);

/** The names of these networks. */
export const architectureNames: readonly string[] = architectureSchema.options.map(
  ({ shape }) => shape.architecture.value,
);
