import sharp from 'sharp';

/** Pictures are at most this many pixels wide and high; larger samples are scaled down. */
const largest = 64;

/** Colours of weights that send to the right and to the left: apart for colour-blind eyes, and clear on white and black. */
const towardsRight = [230, 120, 20] as const;
const towardsLeft = [45, 125, 235] as const;

/**
 * A filter as a picture: orange where a bright sample is sent to the right, blue where it is sent to the left, clear where
 * it does not matter, so that it can lie on any background. Channels are added up.
 *
 * @param weights [channels, height, width]
 * @returns a data URI
 */
export async function filterPicture(
  weights: readonly number[],
  [channels = 1, height = 1, width = 1]: readonly number[],
): Promise<string> {
  const plane = height * width;
  const sums = Float64Array.from({ length: plane }, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += weights[channel * plane + pixel] ?? 0;
    return sum;
  });
  const strongest = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 0);
  const pixels = new Uint8Array(plane * 4);
  sums.forEach((sum, pixel) => {
    const opacity = strongest > 0 ? Math.round((Math.abs(sum) / strongest) * 255) : 0;
    pixels.set([...(sum > 0 ? towardsRight : towardsLeft), opacity], pixel * 4);
  });
  return pngOf(pixels, { width, height, channels: 4 });
}

/**
 * A sample as a picture, its values stretched from black to white: in colour with three channels, else the mean of them.
 *
 * @param values [channels, height, width]
 * @returns a data URI
 */
export async function samplePicture(
  values: readonly number[],
  [channels = 1, height = 1, width = 1]: readonly number[],
): Promise<string> {
  const plane = height * width;
  const shown = channels === 3 ? 3 : 1;
  const levels = Float64Array.from({ length: plane * shown }, (_, index) => {
    const [pixel, channel] = [Math.floor(index / shown), index % shown];
    if (shown === 3) return values[channel * plane + pixel] ?? 0;
    let sum = 0;
    for (let each = 0; each < channels; each++) sum += values[each * plane + pixel] ?? 0;
    return sum / channels;
  });
  const low = levels.reduce((a, b) => Math.min(a, b), Infinity);
  const high = levels.reduce((a, b) => Math.max(a, b), -Infinity);
  const scale = high > low ? 255 / (high - low) : 0;
  const pixels = Uint8Array.from(levels, (level) => Math.round((level - low) * scale));
  return pngOf(pixels, { width, height, channels: shown });
}

async function pngOf(
  pixels: Uint8Array,
  raw: { readonly width: number; readonly height: number; readonly channels: 1 | 3 | 4 },
): Promise<string> {
  const image = sharp(pixels, { raw }).resize({
    width: largest,
    height: largest,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const bytes = await image.png({ compressionLevel: 9 }).toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
