import { augmentImages, type Augmentation } from '../../data/augmentation/augmentation.ts';
import { recolourImages, type Recolouring } from '../../data/augmentation/recolourImages.ts';
import type { ChannelStatistics } from '../../data/channelStatistics.ts';
import { randomStream } from '../../data/random.ts';
import { mixRows, mixSamples } from './mixing/mixBatch.ts';
import { drawMixture, type Mixing } from './mixing/mixture.ts';

/** How the samples of every batch are changed at random. */
export interface BatchAugmentation {
  readonly augmentation: Augmentation;
  readonly recolouring: Recolouring;
  /** How values of 0…1 were normalised; undefined when they were not. */
  readonly statistics: ChannelStatistics | undefined;
  /** What stands beyond an image's edge, a value for every channel. */
  readonly background: readonly number[];
  readonly mixing: Mixing;
  /** Decides, together with the number of the step, what becomes of a batch; or with a sample and its view, what becomes of the sample. */
  readonly seed: number;
  /**
   * How many altered views there are of every sample, which take turns from epoch to epoch (Fast Knowledge Distillation, Shen & Xing,
   * arXiv 2112.01528). By default every step alters its samples in another way. Views are not mixed.
   */
  readonly views?: number | undefined;
}

/** Which batch of a training is changed. */
export interface BatchMoment {
  /** Counted from 1. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** Samples of the batch. */
  readonly indices: ArrayLike<number>;
}

/** The view that an epoch sees of every sample, 0 … views − 1. @param epoch counted from 1 */
export function viewOf(epoch: number, views: number): number {
  return (epoch - 1) % views;
}

/** What is changed of a batch, in place. */
export interface AugmentedBatch {
  readonly samples: Float32Array;
  readonly labels?: Float32Array | undefined;
}

/** Values from which on changes that look at every one of them take longer than handing them to a thread. */
const MANY_VALUES = 2 ** 17;

/** Whether a batch of so many values is better altered in a thread. Shifts, flips and mixtures take no longer than a copy. */
export function takesLong({ augmentation, recolouring }: BatchAugmentation, values: number): boolean {
  const { rotate, zoom, brightness, contrast, noise } = augmentation;
  const { saturation, hue, randAugment } = recolouring;
  const changes = [rotate, zoom, brightness, contrast, noise, saturation, hue, randAugment?.operations];
  return values >= MANY_VALUES && changes.some((change) => change !== undefined && change > 0);
}

/**
 * Changes the samples of a batch, and mixes its labels as its samples, in place. The same step gives the same changes,
 * whether steps went before it or not; where there are views, the same sample in the same view.
 */
export function augmentBatch(
  batchAugmentation: BatchAugmentation,
  { samples, labels }: AugmentedBatch,
  sampleShape: readonly number[],
  { step, epoch, indices }: BatchMoment,
): void {
  const { augmentation, recolouring, statistics, background, mixing, seed, views } = batchAugmentation;
  if (views !== undefined) {
    augmentToView(batchAugmentation, samples, indices, sampleShape, viewOf(epoch, views));
    return;
  }
  augmentImages(samples, sampleShape, augmentation, background, randomStream(seed, `augmentation/${step}`));
  recolourImages(samples, sampleShape, recolouring, statistics, randomStream(seed, `colours/${step}`));
  const batchSize = samples.length / sampleShape.reduce((product, dimension) => product * dimension, 1);
  const mixture = drawMixture(mixing, batchSize, sampleShape, randomStream(seed, `mixture/${step}`));
  if (!mixture) return;
  mixSamples(samples, sampleShape, mixture);
  if (labels) mixRows(labels, mixture);
}

/**
 * Changes samples to one of their views, in place. What becomes of a sample depends on the seed, its index in the split and the
 * view alone, and not on the batch that it is in.
 *
 * @param samples those at `indices`, [indices.length, ...sampleShape]
 * @param view counted from 0
 */
export function augmentToView(
  { augmentation, recolouring, statistics, background, seed }: BatchAugmentation,
  samples: Float32Array,
  indices: ArrayLike<number>,
  sampleShape: readonly number[],
  view: number,
): void {
  const size = samples.length / indices.length;
  for (let row = 0; row < indices.length; row++) {
    const sample = samples.subarray(row * size, (row + 1) * size);
    const random = (purpose: string) => randomStream(seed, `${purpose}/view ${view}/sample ${indices[row] ?? 0}`);
    augmentImages(sample, sampleShape, augmentation, background, random('augmentation'));
    recolourImages(sample, sampleShape, recolouring, statistics, random('colours'));
  }
}
