import type { ChannelStatistics } from '../channelStatistics.ts';
import type { Random } from '../random.ts';
import { changeHue, changeSaturation, RAND_AUGMENT_OPERATIONS } from './imageOperations.ts';
import type { ImageShape } from './moveImage.ts';

/** How images are changed at random where that is defined for values of 0…1. */
export interface Recolouring {
  /** Largest change of saturation, as a share. */
  readonly saturation?: number | undefined;
  /** Largest turn of the hue, in degrees. */
  readonly hue?: number | undefined;
  /** So many operations, drawn at random for every image, of this strength, 0…1 (RandAugment, arXiv 1909.13719). */
  readonly randAugment?: { readonly operations: number; readonly magnitude: number } | undefined;
}

/**
 * Changes every image of a batch in its own way, in place. Their normalisation is undone before, and done again after.
 *
 * @param samples [batch, channels, height, width], row-major
 * @param statistics how their values of 0…1 were normalised; undefined when they were not
 */
export function recolourImages(
  samples: Float32Array,
  sampleShape: readonly number[],
  { saturation = 0, hue = 0, randAugment }: Recolouring,
  statistics: ChannelStatistics | undefined,
  random: Random,
): void {
  if (saturation === 0 && hue === 0 && !randAugment) return;
  const [channels = 1, height = 1, width = 1] = sampleShape;
  const shape: ImageShape = [channels, height, width];
  const size = channels * height * width;
  for (let start = 0; start < samples.length; start += size) {
    const image = samples.subarray(start, start + size);
    eachChannel(image, channels, (value, channel) => value * std(statistics, channel) + mean(statistics, channel));
    if (saturation > 0) changeSaturation(image, shape, random.uniform(-saturation, saturation));
    if (hue > 0) changeHue(image, shape, random.uniform(-hue, hue) / 180);
    for (let count = 0; count < (randAugment?.operations ?? 0); count++) {
      clamp(image);
      const operation = RAND_AUGMENT_OPERATIONS[random.integer(RAND_AUGMENT_OPERATIONS.length)];
      const isMirrored = operation?.isSigned === true && random.uniform() < 0.5;
      operation?.apply(image, shape, (randAugment?.magnitude ?? 0) * (isMirrored ? -1 : 1));
    }
    clamp(image);
    eachChannel(image, channels, (value, channel) => (value - mean(statistics, channel)) / std(statistics, channel));
  }
}

function eachChannel(image: Float32Array, channels: number, change: (value: number, channel: number) => number): void {
  const plane = image.length / channels;
  for (let index = 0; index < image.length; index++) {
    image[index] = change(image[index] ?? 0, Math.floor(index / plane));
  }
}

function mean(statistics: ChannelStatistics | undefined, channel: number): number {
  return statistics?.mean[channel] ?? 0;
}

function std(statistics: ChannelStatistics | undefined, channel: number): number {
  return statistics?.std[channel] ?? 1;
}

function clamp(image: Float32Array): void {
  for (let index = 0; index < image.length; index++) image[index] = Math.min(1, Math.max(0, image[index] ?? 0));
}
