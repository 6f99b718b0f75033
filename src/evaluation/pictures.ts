import type { Sharp } from 'sharp';
import { imageLibrary } from '../platform/imageLibrary.ts';
import type { Pixels } from '../report/drawings/pixels.ts';

/** Pictures are at most this many pixels wide and high; larger ones are scaled down. */
const LARGEST = 64;

/** A picture as a PNG in a data URI. */
export async function pngOf({ width, height, colours }: Pixels): Promise<string> {
  const sharp = await imageLibrary();
  const image = sharp(colours, { raw: { width, height, channels: 4 } }).resize({
    width: LARGEST,
    height: LARGEST,
    fit: 'inside',
    withoutEnlargement: true,
  });
  return dataUriOf(image);
}

/** Size of a picture of curves, which is drawn this many times as large at first, and how many of a sample's channels it shows. */
const CURVES = { width: 240, height: 80, enlarged: 3, channels: 6 };
/** Colours that can be told from light and from dark ground. */
const CURVE_COLOURS: readonly (readonly [number, number, number])[] = [
  [59, 142, 234],
  [209, 134, 22],
  [46, 160, 67],
  [177, 128, 215],
  [209, 105, 105],
  [127, 140, 141],
];

/**
 * The channels of a time series as curves on nothing, all on one scale, as a PNG in a data URI.
 *
 * @param values channel after channel, each of `steps` numbers; those that are not finite leave a gap
 */
export async function pngOfCurves(values: Float32Array, steps: number): Promise<string> {
  const sharp = await imageLibrary();
  const [width, height] = [CURVES.width * CURVES.enlarged, CURVES.height * CURVES.enlarged];
  const shown = values.subarray(0, CURVES.channels * steps);
  const colours = new Uint8Array(4 * width * height);
  const rowOf = rowsOn(shown, height);
  for (let channel = 0; channel < shown.length / steps; channel++) {
    const curve = shown.subarray(channel * steps, (channel + 1) * steps);
    const colour = CURVE_COLOURS[channel % CURVE_COLOURS.length] ?? [0, 0, 0];
    let before: number | undefined;
    for (let column = 0; column < width; column++) {
      const row = rowOf(between(curve, (column / (width - 1)) * (steps - 1)));
      if (row !== undefined) paintColumn(colours, width, column, [before ?? row, row], colour);
      before = row;
    }
  }
  const image = sharp(colours, { raw: { width, height, channels: 4 } }).resize(CURVES.width, CURVES.height);
  return dataUriOf(image);
}

async function dataUriOf(image: Sharp): Promise<string> {
  const bytes = await image.png({ compressionLevel: 9 }).toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
}

/** Where values are drawn, from the greatest to the least; what never changes runs through the middle. */
function rowsOn(values: Float32Array, height: number): (value: number) => number | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const margin = 2 * CURVES.enlarged;
  return (value) => {
    if (!Number.isFinite(value)) return undefined;
    const share = most > least ? (value - least) / (most - least) : 0.5;
    return Math.round(height - margin - share * (height - 2 * margin));
  };
}

/** The value of a curve at a place between its steps. */
function between(curve: Float32Array, place: number): number {
  const step = Math.min(Math.floor(place), curve.length - 2);
  const [from = NaN, to = NaN] = curve.subarray(step, step + 2);
  return from + (to - from) * (place - step);
}

/** Paints what a line passes of a column, from one row to another, as thick as lines are. */
function paintColumn(
  colours: Uint8Array,
  width: number,
  column: number,
  [from, to]: readonly [number, number],
  colour: readonly [number, number, number],
): void {
  const half = CURVES.enlarged;
  const last = colours.length / (4 * width) - 1;
  for (let row = Math.max(0, Math.min(from, to) - half); row <= Math.min(last, Math.max(from, to) + half); row++) {
    colours.set([...colour, 255], 4 * (row * width + column));
  }
}
