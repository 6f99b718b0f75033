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

/**
 * Changes the samples of a batch, and mixes its labels as its samples, in place. The same step gives the same changes,
 * whether steps went before it or not.
 *
 * @param step counted from 1
 */
export function alterBatch(
  { augmentation, recolouring, statistics, background, mixing, seed }: Alteration,
  { samples, labels }: { readonly samples: Float32Array; readonly labels?: Float32Array | undefined },
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
