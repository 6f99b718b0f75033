import * as z from 'zod';
import { decisionTree, gradientBoosting, linear, randomForest, svm } from './estimators.ts';

/** A path in an experiment file is relative to the file's folder, or absolute. */
const path = z.string().min(1);
const count = z.int().positive();
const patterns = z.array(z.string().min(1)).min(1).max(1000);

/** Which weights of a model that exists are trained. */
export const weightSelection = {
  train: patterns
    .optional()
    .describe('Patterns (`*`, `?`) of weights or of the nodes that read them: only these are trained. Default: all.'),
  freeze: patterns
    .optional()
    .describe('Patterns (`*`, `?`) of weights or of the nodes that read them: these keep their values.'),
  lastLayers: count
    .max(10_000)
    .optional()
    .describe('Train only this many layers at the end, counted in the order of the nodes. Default: all.'),
};

const denseHead = z
  .strictObject({
    architecture: z.literal('mlp').default('mlp'),
    hidden: z.array(count.max(65_536)).max(16).default([512]).describe('Units of each hidden layer.'),
    dropout: z.number().min(0).max(0.99).default(0.5).describe('Share that is dropped at random in training.'),
  })
  .describe('Dense layers.');

const fittedHead = z
  .discriminatedUnion('architecture', [decisionTree, randomForest, gradientBoosting, linear, svm])
  .describe('Trees, a linear model or an SVM, fitted to the features.');

/** A frozen front of a model with a new head. */
export const headOnExtractor = z
  .strictObject({
    extractor: path.describe('An .onnx file whose front is kept as it is and gives features of the samples.'),
    cut: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name of the value where the front ends; `distillery inspect` lists them. Default: what the last dense layer reads.',
      ),
    head: z
      .union([denseHead, fittedHead])
      .prefault({})
      .describe(
        'What is trained on the features: dense layers, or with `architecture` a model that is fitted at once.',
      ),
  })
  .describe('A new head on the frozen front of a model; its features are computed once.');
