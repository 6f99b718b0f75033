/** A picture as rows of red, green, blue and opacity, 0…255 each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** [height, width, 4] */
  readonly colours: Uint8ClampedArray<ArrayBuffer>;
}

/** Colours of weights that send to the right and to the left: apart for colour-blind eyes, and clear on white and black. */
const towardsRight = [230, 120, 20] as const;
const towardsLeft = [45, 125, 235] as const;

/**
 * A filter as a picture: orange where a bright sample is sent to the right, blue where it is sent to the left, clear where
 * it does not matter, so that it can lie on any background. Channels are added up.
 *
 * @param weights [channels, height, width]
 */
export function filterPixels(
  weights: readonly number[],
  [channels = 1, height = 1, width = 1]: readonly number[],
): Pixels {
  const plane = height * width;
  const sums = Float64Array.from({ length: plane }, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += weights[channel * plane + pixel] ?? 0;
    return sum;
  });
  const strongest = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0);
  const colours = new Uint8ClampedArray(plane * 4);
  sums.forEach((sum, pixel) => {
    const opacity = strongest > 0 ? (Math.abs(sum) / strongest) * 255 : 0;
    colours.set([...(sum > 0 ? towardsRight : towardsLeft), Math.round(opacity)], pixel * 4);
  });
  return { width, height, colours };
}

/**
 * A sample as a picture, its values stretched from black to white: in colour with three channels, else the mean of them.
 *
 * @param values [channels, height, width]
 */
export function samplePixels(
  values: readonly number[],
  [channels = 1, height = 1, width = 1]: readonly number[],
): Pixels {
  const plane = height * width;
  const level = (pixel: number, colour: number): number => {
    if (channels === 3) return values[colour * plane + pixel] ?? 0;
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += values[channel * plane + pixel] ?? 0;
    return sum / channels;
  };
  const levels = Float64Array.from({ length: plane * 3 }, (_, index) => level(Math.floor(index / 3), index % 3));
  const low = levels.reduce((a, b) => Math.min(a, b), Infinity);
  const high = levels.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = high > low ? 255 / (high - low) : 0;
  const colours = new Uint8ClampedArray(plane * 4).fill(255);
  levels.forEach((value, index) => {
    colours[Math.floor(index / 3) * 4 + (index % 3)] = Math.round((value - low) * scale);
  });
  return { width, height, colours };
}
