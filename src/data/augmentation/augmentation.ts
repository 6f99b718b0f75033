import type { Random } from '../random.ts';
import { flipImage } from './flipImage.ts';
import { moveImage } from './moveImage.ts';

/** How images are changed at random before a network is trained on them. Everything that is left out stays as it is. */
export interface Augmentation {
  /** Largest shift in pixels, in whole pixels along both axes. */
  readonly shift?: number | undefined;
  /** Largest rotation about the centre, in degrees. */
  readonly rotate?: number | undefined;
  /** Largest change of size, as a share: 0.1 is 0.9 … 1.1. */
  readonly zoom?: number | undefined;
  /** Mirror every other image, left to right. */
  readonly flip?: boolean | undefined;
  /** Largest change of brightness, as a share of the range of a normalised pixel. */
  readonly brightness?: number | undefined;
  /** Largest change of contrast, as a share. */
  readonly contrast?: number | undefined;
  /** Standard deviation of noise that is added. */
  readonly noise?: number | undefined;
}

/** Whether anything is changed at all. */
export function changesSomething(augmentation: Augmentation): boolean {
  return Object.values(augmentation).some((value) => value !== undefined && value !== 0 && value !== false);
}

/**
 * Changes every image of a batch in its own way, in place.
 *
 * @param samples [batch, channels, height, width], row-major
 * @param background what stands beyond the edge, a value for every channel
 */
export function augmentImages(
  samples: Float32Array,
  sampleShape: readonly number[],
  augmentation: Augmentation,
  background: readonly number[],
  random: Random,
): void {
  const [channels = 1, height = 1, width = 1] = sampleShape;
  const size = channels * height * width;
  const scratch = new Float32Array(size);
  const { shift = 0, rotate = 0, zoom = 0, flip = false, brightness = 0, contrast = 0, noise = 0 } = augmentation;
  for (let start = 0; start < samples.length; start += size) {
    const image = samples.subarray(start, start + size);
    if (flip && random.uniform() < 0.5) flipImage(image, width);
    if (shift > 0 || rotate > 0 || zoom > 0) {
      const whole = (): number => random.integer(2 * shift + 1) - shift;
      const placement = {
        x: shift > 0 ? whole() : 0,
        y: shift > 0 ? whole() : 0,
        angle: rotate > 0 ? (random.uniform(-rotate, rotate) * Math.PI) / 180 : 0,
        scale: zoom > 0 ? random.uniform(1 - zoom, 1 + zoom) : 1,
      };
      scratch.set(image);
      moveImage(scratch, image, [channels, height, width], placement, background);
    }
    if (brightness > 0 || contrast > 0) {
      const factor = contrast > 0 ? random.uniform(1 - contrast, 1 + contrast) : 1;
      const offset = brightness > 0 ? random.uniform(-brightness, brightness) : 0;
      changeTones(image, factor, offset);
    }
    if (noise > 0)
      for (let index = 0; index < size; index++) image[index] = (image[index] ?? 0) + random.normal(0, noise);
  }
}

/** Stretches the differences from the image's mean by `factor` and adds `offset`. */
function changeTones(image: Float32Array, factor: number, offset: number): void {
  const mean = image.reduce((sum, value) => sum + value, 0) / image.length;
  for (let index = 0; index < image.length; index++) {
    image[index] = mean + factor * ((image[index] ?? 0) - mean) + offset;
  }
}
