import type { Resize } from '../../../resize.ts';
import type { RgbImage } from '../decoding/bmp.ts';
import { axesOf, halfToEven, type Axis } from './resizePixels.ts';

const CHANNELS = 3;
/** Bits behind the point of a weight, as many as Pillow has: sums of bytes so weighted fit into 31 bits. */
const WEIGHT_BITS = 22;
const HALF = 2 ** (WEIGHT_BITS - 1);

/** For each pixel of the result along one axis, its neighbours from `starts` on and so many of their `weights`. */
interface Neighbours {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [count, most], in units of 2^-22. */
  readonly weights: Int32Array;
  readonly most: number;
}

/**
 * Brings an image to a size by bilinear interpolation that averages where it shrinks, bit by bit as Pillow's `resize(…, BILINEAR)` does: first along rows,
 * then along columns, rounded to bytes in between. Where proportions are kept, what stands out is cut off on both sides, or bars are added as `ImageOps.pad` does.
 */
export function resampleImage({ width, height, pixels }: RgbImage, to: Resize): RgbImage {
  if (to.fit === 'letterbox') return letterbox({ width, height, pixels }, to);
  const { horizontal, vertical } = axesOf({ width, height }, to);
  const columns = neighboursOf(width, to.width, horizontal);
  const rows = neighboursOf(height, to.height, vertical);
  const first = rows.starts[0] ?? 0;
  const end = (rows.starts.at(-1) ?? 0) + (rows.counts.at(-1) ?? 0);
  const lines = new Uint8Array((end - first) * to.width * CHANNELS);
  for (let row = first; row < end; row++) {
    const source = row * width * CHANNELS;
    const target = (row - first) * to.width * CHANNELS;
    for (let column = 0; column < to.width; column++) {
      const from = source + (columns.starts[column] ?? 0) * CHANNELS;
      const place = { target: target + column * CHANNELS, from, step: CHANNELS };
      weigh(pixels, columns, column, place, lines);
    }
  }
  const result = new Uint8Array(to.width * to.height * CHANNELS);
  const step = to.width * CHANNELS;
  for (let row = 0; row < to.height; row++) {
    const from = ((rows.starts[row] ?? 0) - first) * step;
    for (let column = 0; column < to.width; column++) {
      const place = { target: row * step + column * CHANNELS, from: from + column * CHANNELS, step };
      weigh(lines, rows, row, place, result);
    }
  }
  return { width: to.width, height: to.height, pixels: result };
}

/** The whole image in the middle of a black one. */
function letterbox(image: RgbImage, to: Resize): RgbImage {
  const isWider = image.width * to.height > image.height * to.width;
  const width = isWider ? to.width : Math.max(1, roundToEven((image.width * to.height) / image.height));
  const height = isWider ? Math.max(1, roundToEven((image.height * to.width) / image.width)) : to.height;
  const inner = resampleImage(image, { width, height, fit: 'stretch' });
  const [left, top] = [halfToEven(to.width - width), halfToEven(to.height - height)];
  const pixels = new Uint8Array(to.width * to.height * CHANNELS);
  for (let row = 0; row < height; row++) {
    const line = inner.pixels.subarray(row * width * CHANNELS, (row + 1) * width * CHANNELS);
    pixels.set(line, ((top + row) * to.width + left) * CHANNELS);
  }
  return { width: to.width, height: to.height, pixels };
}

/** As Python rounds. */
function roundToEven(value: number): number {
  return value % 1 === 0.5 ? halfToEven(2 * value) : Math.round(value);
}

/** Writes the weighted mean of neighbours that lie `step` bytes apart, for three channels. */
function weigh(
  source: Uint8Array,
  { weights, counts, most }: Neighbours,
  index: number,
  { target, from, step }: { readonly target: number; readonly from: number; readonly step: number },
  result: Uint8Array,
): void {
  let [red, green, blue] = [HALF, HALF, HALF];
  const count = counts[index] ?? 0;
  for (let tap = 0, at = from, place = index * most; tap < count; tap++, at += step, place++) {
    const weight = weights[place] ?? 0;
    red += weight * (source[at] ?? 0);
    green += weight * (source[at + 1] ?? 0);
    blue += weight * (source[at + 2] ?? 0);
  }
  result[target] = red >> WEIGHT_BITS;
  result[target + 1] = green >> WEIGHT_BITS;
  result[target + 2] = blue >> WEIGHT_BITS;
}

/** Triangles as wide as two pixels of whichever is coarser, source or result. */
function neighboursOf(source: number, count: number, { scale, offset }: Axis): Neighbours {
  const reach = Math.max(1, scale);
  const most = 2 * Math.ceil(reach) + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * most);
  for (let index = 0; index < count; index++) {
    const centre = (offset + index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(source, Math.trunc(centre + reach + 0.5));
    const heights = Array.from({ length: end - start }, (_, tap) =>
      Math.max(0, 1 - Math.abs((start + tap - centre + 0.5) * (1 / reach))),
    );
    const sum = heights.reduce((total, height) => total + height, 0);
    heights.forEach(
      (height, tap) => (weights[index * most + tap] = Math.trunc(0.5 + (height / sum) * 2 ** WEIGHT_BITS)),
    );
    starts[index] = start;
    counts[index] = end - start;
  }
  return { starts, counts, weights, most };
}
