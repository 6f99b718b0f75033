import type { NpyArray } from './npy.ts';

/**
 * Images as [channels, height, width]: a missing channel axis is added, and one that comes last goes first. Arrays of other ranks stay.
 *
 * @returns values of all samples, and the shape of one
 */
export function channelsFirst({ shape, values, type }: NpyArray): {
  readonly values: NpyArray['values'];
  readonly shape: readonly number[];
} {
  const [count = 0, ...sample] = shape;
  if (sample.length === 2 && type === 'u1') return { values, shape: [1, ...sample] };
  const [height = 1, width = 1, channels = 1] = sample;
  const isLast = sample.length === 3 && channels <= 4 && height > 4;
  if (!isLast) return { values, shape: sample };
  const moved = values.slice();
  const plane = height * width;
  for (let image = 0; image < count; image++) {
    const start = image * plane * channels;
    for (let pixel = 0; pixel < plane; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        moved[start + channel * plane + pixel] = values[start + pixel * channels + channel] ?? 0;
      }
    }
  }
  return { values: moved, shape: [channels, height, width] };
}
