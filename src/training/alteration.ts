import { augmentImages, type Augmentation } from '../data/augmentation/augmentation.ts';
import { recolourImages, type Recolouring } from '../data/augmentation/recolourImages.ts';
import type { ChannelStatistics } from '../data/normalization.ts';
import { randomStream } from '../data/random.ts';
import { mixRows, mixSamples } from './mixing/mixBatch.ts';
import { drawMixture, type Mixing } from './mixing/mixture.ts';

/** How the samples of every batch are changed at random. */
export interface Alteration {
  readonly augmentation: Augmentation;
  readonly recolouring: Recolouring;
  /** How values of 0…1 were normalised; undefined when they were not. */
  readonly statistics: ChannelStatistics | undefined;
  /** What stands beyond an image's edge, a value for every channel. */
  readonly background: readonly number[];
  readonly mixing: Mixing;
  /** Decides, together with the number of the step, what becomes of a batch. */
  readonly seed: number;
}

/** What is changed of a batch, in place. */
export interface AlteredBatch {
  readonly samples: Float32Array;
  readonly labels?: Float32Array | undefined;
}

/** Values from which on changes that look at every one of them take longer than handing them to a thread. */
const MANY_VALUES = 2 ** 17;

/** Whether a batch of so many values is better altered in a thread. Shifts, flips and mixtures take no longer than a copy. */
export function takesLong({ augmentation, recolouring }: Alteration, values: number): boolean {
  const { rotate, zoom, brightness, contrast, noise } = augmentation;
  const { saturation, hue, randAugment } = recolouring;
  const changes = [rotate, zoom, brightness, contrast, noise, saturation, hue, randAugment?.operations];
  return values >= MANY_VALUES && changes.some((change) => change !== undefined && change > 0);
}

/**
 * Changes the samples of a batch, and mixes its labels as its samples, in place. The same step gives the same changes,
 * whether steps went before it or not.
 *
 * @param step counted from 1
 */
export function alterBatch(
  { augmentation, recolouring, statistics, background, mixing, seed }: Alteration,
  { samples, labels }: AlteredBatch,
  sampleShape: readonly number[],
  step: number,
): void {
  augmentImages(samples, sampleShape, augmentation, background, randomStream(seed, `augmentation/${step}`));
  recolourImages(samples, sampleShape, recolouring, statistics, randomStream(seed, `colours/${step}`));
  const batchSize = samples.length / sampleShape.reduce((product, dimension) => product * dimension, 1);
  const mixture = drawMixture(mixing, batchSize, sampleShape, randomStream(seed, `mixture/${step}`));
  if (!mixture) return;
  mixSamples(samples, sampleShape, mixture);
  if (labels) mixRows(labels, mixture);
}
