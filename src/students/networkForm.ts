import { DistilleryError } from '../errors.ts';
import type { OwnNumbers } from '../onnx/ownNumbers.ts';
import { elementCount } from '../onnx/tensor.ts';

/** Samples that are tensors of numbers: images, features. */
export interface ValueSamples {
  readonly kind: 'values';
  /** Dimensions of one sample, such as [1, 28, 28]. */
  readonly shape: readonly number[];
  /** What turns them into the data's own numbers, such as bytes of pixels. */
  readonly own?: OwnNumbers;
  /** The named parts that a sample consists of, where it has some. */
  readonly parts?: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly isCategory?: boolean;
  }[];
}

/** Samples that are texts: the ids of a fixed number of tokens. */
export interface TokenSamples {
  readonly kind: 'tokens';
  /** Tokens of one text, padded. */
  readonly length: number;
  /** Ids are below this number. */
  readonly vocabulary: number;
  /** The id that stands where a text has ended. */
  readonly padding: number;
}

/** One logit per class. */
export interface LogitOutput {
  readonly kind: 'logits';
  readonly classes: number;
  /** Whether a sample may have any number of the classes; by default it has one. */
  readonly severalLabels?: boolean;
}

/** One logit per class for every token of a text. */
export interface TokenOutput {
  readonly kind: 'tokens';
  readonly classes: number;
}

/** Any tensor: targets of a regression, an image. */
export interface ValueOutput {
  readonly kind: 'values';
  readonly shape: readonly number[];
}

/** What a network gives for one sample. */
export type OutputForm = LogitOutput | TokenOutput | ValueOutput;

/** What a network takes and what it gives. */
export interface NetworkForm {
  readonly samples: ValueSamples | TokenSamples;
  readonly output: OutputForm;
}

/** The form of a classifier of samples that are tensors of numbers. */
export function classifierForm(sampleShape: readonly number[], classes: number): NetworkForm {
  return { samples: { kind: 'values', shape: sampleShape }, output: { kind: 'logits', classes } };
}

/** The samples of a network that takes numbers. @throws DistilleryError `BAD_INPUT` when they are texts */
export function requireValues(architecture: string, { samples }: NetworkForm): ValueSamples {
  if (samples.kind === 'values') return samples;
  throw new DistilleryError('BAD_INPUT', `A student of architecture ${architecture} cannot read texts.`, {
    hint: "Choose the architecture 'transformer' or 'textcnn'.",
  });
}

/** The samples of a network that takes images. @throws DistilleryError `BAD_INPUT` when they are none */
export function requireImages(architecture: string, form: NetworkForm): ValueSamples {
  const samples = requireValues(architecture, form);
  if (samples.shape.length === 3) return samples;
  throw new DistilleryError(
    'BAD_INPUT',
    `A ${architecture} needs images, but the samples have shape [${samples.shape.join(', ')}].`,
    { hint: "Choose the architecture 'mlp'." },
  );
}

/** The samples of a network that reads texts. @throws DistilleryError `BAD_INPUT` when they are no texts */
export function requireTokens(architecture: string, { samples }: NetworkForm): TokenSamples {
  if (samples.kind === 'tokens') return samples;
  throw new DistilleryError(
    'BAD_INPUT',
    `A ${architecture} reads texts, but the samples are numbers of shape [${samples.shape.join(', ')}].`,
    { hint: "Choose 'mlp' for vectors and a convolutional architecture for images." },
  );
}

/**
 * Numbers that a network gives for a whole sample.
 * @throws DistilleryError `BAD_INPUT` when the output is one per token, which only a transformer gives
 */
export function outputSize(architecture: string, output: OutputForm): number {
  switch (output.kind) {
    case 'logits':
      return output.classes;
    case 'values':
      return elementCount(output.shape);
    case 'tokens':
      throw new DistilleryError('BAD_INPUT', `A student of architecture ${architecture} cannot classify every token.`, {
        hint: "Choose the architecture 'transformer'.",
      });
  }
}

/** The output of a network that tells classes apart. @throws DistilleryError `BAD_INPUT` when it is to do something else */
export function requireLogits(architecture: string, { output }: NetworkForm): LogitOutput {
  if (output.kind === 'logits') return output;
  throw new DistilleryError('BAD_INPUT', `A ${architecture} gives one distribution over classes and nothing else.`, {
    hint: 'Choose another architecture, or a task with classes.',
  });
}

/** The output of a network that makes a tensor. @throws DistilleryError `BAD_INPUT` when classes are wanted */
export function requireTensor(architecture: string, { output }: NetworkForm): ValueOutput {
  if (output.kind === 'values') return output;
  throw new DistilleryError('BAD_INPUT', `An ${architecture} gives a tensor and cannot tell classes apart.`, {
    hint: "Choose the architecture 'mlp' or 'convnet', or a task that matches tensors.",
  });
}
