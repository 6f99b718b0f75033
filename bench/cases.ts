import { classifierForm, type NetworkForm } from '../src/students/networkForm.ts';
import type { Architecture } from '../src/students/buildStudent.ts';

/** One timed network, the same for both sides. */
export interface BenchCase {
  readonly name: string;
  readonly architecture: Architecture;
  /** Dimensions of one sample, the number of tokens for texts. */
  readonly input: readonly number[];
  /** Different tokens of texts; undefined where samples are numbers. */
  readonly vocabulary?: number;
  readonly batch: number;
}

/** Outputs of every network. */
export const CLASSES = 10;

const photograph = [3, 32, 32];
const convnet = (...channels: readonly number[]) =>
  ({ architecture: 'convnet', channels, hidden: [], batchNormalization: true }) as const;

export const benchCases: readonly BenchCase[] = [
  {
    name: 'MLP 784-512-512-10, batch 64',
    architecture: { architecture: 'mlp', hidden: [512, 512] },
    input: [784],
    batch: 64,
  },
  {
    name: 'MLP 784-1200-1200-10, batch 256',
    architecture: { architecture: 'mlp', hidden: [1200, 1200] },
    input: [784],
    batch: 256,
  },
  {
    name: 'convnet 16-32, 1×28×28, batch 128',
    architecture: convnet(16, 32),
    input: [1, 28, 28],
    batch: 128,
  },
  {
    name: 'convnet 32-64-128, 3×32×32, batch 128',
    architecture: convnet(32, 64, 128),
    input: photograph,
    batch: 128,
  },
  {
    name: 'ResNet-20, 3×32×32, batch 128',
    architecture: { architecture: 'resnet', depth: 20, width: 1 },
    input: photograph,
    batch: 128,
  },
  {
    name: 'MobileNetV2, 3×32×32, batch 32',
    architecture: { architecture: 'mobilenetv2', width: 1 },
    input: photograph,
    batch: 32,
  },
  {
    name: 'transformer, 4 layers of 256, 128 tokens, batch 16',
    architecture: { architecture: 'transformer', layers: 4, heads: 4, hidden: 256, pooling: 'mean' },
    input: [128],
    vocabulary: 10_000,
    batch: 16,
  },
];

/** The same kinds, small enough for a graphics driver in software. */
export const tinyCases: readonly BenchCase[] = [
  { name: 'tiny MLP', architecture: { architecture: 'mlp', hidden: [16] }, input: [64], batch: 8 },
  { name: 'tiny convnet', architecture: convnet(4), input: [1, 8, 8], batch: 4 },
  {
    name: 'tiny ResNet-8',
    architecture: { architecture: 'resnet', depth: 8, width: 0.25 },
    input: [3, 8, 8],
    batch: 2,
  },
  {
    name: 'tiny transformer',
    architecture: { architecture: 'transformer', layers: 1, heads: 2, hidden: 16, pooling: 'mean' },
    input: [8],
    vocabulary: 100,
    batch: 2,
  },
];

/** What a network of a case takes and gives. */
export function formOf({ input, vocabulary }: BenchCase): NetworkForm {
  if (vocabulary === undefined) return classifierForm(input, CLASSES);
  const samples = { kind: 'tokens', length: input[0] ?? 0, vocabulary, padding: 0 } as const;
  return { samples, output: { kind: 'logits', classes: CLASSES } };
}
