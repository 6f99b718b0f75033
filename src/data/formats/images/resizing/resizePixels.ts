import type { Resize } from '../../../resize.ts';
import type { RgbImage } from '../decoding/bmp.ts';
import { resizeProgram } from './resizeProgram.ts';

/** Neighbours that a pixel is computed from, along one axis: enough for more than half the size. */
const TAPS = 4;
/** Weights are in units of 1/256, so that the program can weight bytes in 16 bits. */
const UNIT = 256;
/** Bytes that the program reads or writes at once. */
const VECTOR = 16;
/** Bytes of a pixel while it is resized: red, green, blue, and one that is not used. */
const PIXEL = 4;
const PAGE = 2 ** 16;
/** Most pixels of an image that is resized here. */
const MOST_PIXELS = 2 ** 25;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What resize.wat exports; its comments say what the arguments are. */
interface Program {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly resize: (
    rowStarts: number,
    rowWeights: number,
    rows: number,
    stride: number,
    columnStarts: number,
    columnWeights: number,
    columns: number,
    line: number,
    lineBytes: number,
    target: number,
    added: number,
  ) => void;
}

/** What is used here of Node's WebAssembly, which its types leave out. */
interface WebAssemblyOfNode {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** How pixels of the result lie on the source along one axis: its pixels per pixel, and the first of those that are kept. */
export interface Axis {
  readonly scale: number;
  readonly offset: number;
}

let loaded: Program | undefined;

function loadProgram(): Program {
  if (!loaded) {
    const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyOfNode }).WebAssembly;
    loaded = new Instance(new Module(Buffer.from(resizeProgram, 'base64'))).exports as Program;
  }
  return loaded;
}

/** Whether `resizePixels` has neighbours enough: for sizes above half of the image's. */
export function isResizable(size: Size, to: Resize): boolean {
  const { horizontal, vertical } = axesOf(size, to);
  const isOrdinary = Math.min(size.width, size.height) >= TAPS && size.width * size.height <= MOST_PIXELS;
  return isOrdinary && horizontal.scale < TAPS / 2 && vertical.scale < TAPS / 2;
}

/**
 * Brings an image to a size by bilinear interpolation that averages where it shrinks, as Pillow and libvips do; weights are rounded to
 * 1/256. Done by a program of WebAssembly that computes eight channels at once.
 *
 * @param size for which `isResizable` holds
 * @param fill writes the image's pixels, 4 bytes each
 * @param brightening what red, green and blue of the result are added, not below −½
 */
export function resizePixels(
  size: Size,
  to: Resize,
  fill: (pixels: Buffer) => void,
  brightening: readonly [number, number, number] = [0, 0, 0],
): RgbImage {
  const { memory, resize } = loadProgram();
  const { horizontal, vertical } = axesOf(size, to);
  const columns = filterOf(size.width, to.width, horizontal);
  const rows = filterOf(size.height, to.height, vertical);
  const first = columns.starts[0] ?? 0;
  const lineBytes = roundUp(PIXEL * ((columns.starts.at(-1) ?? 0) + TAPS - first), VECTOR);
  const pixelBytes = PIXEL * size.width * size.height;
  const stride = PIXEL * size.width;

  let end = 0;
  /** Place of so many bytes behind those before. */
  const place = (bytes: number): number => {
    const begin = end;
    end += roundUp(bytes, VECTOR);
    return begin;
  };
  const pixels = place(pixelBytes + VECTOR);
  const rowStarts = place(4 * to.height);
  const rowWeights = place(4 * TAPS * to.height);
  const columnStarts = place(4 * to.width);
  const columnWeights = place(2 * TAPS * PIXEL * to.width);
  const line = place(lineBytes);
  const target = place(3 * to.width * to.height + 1);
  const added = place(VECTOR);
  if (memory.buffer.byteLength < end) memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE));

  fill(Buffer.from(memory.buffer, pixels, pixelBytes));
  const words = new Int32Array(memory.buffer);
  rows.starts.forEach((start, row) => (words[rowStarts / 4 + row] = pixels + stride * start + PIXEL * first));
  words.set(rows.weights, rowWeights / 4);
  columns.starts.forEach((start, column) => (words[columnStarts / 4 + column] = PIXEL * (start - first)));
  const halves = new Uint16Array(memory.buffer, columnWeights);
  columns.weights.forEach((weight, tap) => halves.fill(weight, PIXEL * tap, PIXEL * (tap + 1)));
  const addends = new Uint16Array(memory.buffer, added, VECTOR / 2);
  [...brightening, 0, ...brightening, 0].forEach((value, at) => (addends[at] = Math.round(UNIT * (value + 0.5))));
  resize(
    rowStarts,
    rowWeights,
    to.height,
    stride,
    columnStarts,
    columnWeights,
    to.width,
    line,
    lineBytes,
    target,
    added,
  );
  return {
    width: to.width,
    height: to.height,
    pixels: new Uint8Array(memory.buffer.slice(target, target + 3 * to.width * to.height)),
  };
}

const roundUp = (bytes: number, unit: number): number => unit * Math.ceil(bytes / unit);

/** With proportions kept, the size of the whole is rounded, and what stands out is cut off on both sides, as libvips does. */
export function axesOf({ width, height }: Size, to: Resize): { readonly horizontal: Axis; readonly vertical: Axis } {
  if (to.fit === 'cover' && to.shorterSide !== undefined) return axesOfCentre({ width, height }, to, to.shorterSide);
  const scale = Math.min(width / to.width, height / to.height);
  const along = (source: number, kept: number): Axis => {
    const whole = to.fit === 'cover' ? Math.round(source / scale) : kept;
    return { scale: source / whole, offset: Math.floor((whole - kept + 1) / 2) };
  };
  return { horizontal: along(width, to.width), vertical: along(height, to.height) };
}

/** As torchvision does it: the longer side is rounded down, and halves of what is cut off to the even pixel. */
function axesOfCentre(
  { width, height }: Size,
  to: Resize,
  shorterSide: number,
): { readonly horizontal: Axis; readonly vertical: Axis } {
  const shorter = Math.min(width, height);
  const along = (source: number, kept: number): Axis => {
    const whole = source === shorter ? shorterSide : Math.trunc((shorterSide * source) / shorter);
    return { scale: source / whole, offset: halfToEven(whole - kept) };
  };
  return { horizontal: along(width, to.width), vertical: along(height, to.height) };
}

/** Half of a whole number, rounded to the even one where it lies between two, as Python rounds. */
export function halfToEven(whole: number): number {
  const half = Math.floor(whole / 2);
  return whole % 2 === 0 || half % 2 === 0 ? half : half + 1;
}

/** Where the neighbours of each pixel begin, and TAPS weights for each, which sum to UNIT. */
interface Filter {
  readonly starts: Int32Array;
  readonly weights: Int32Array;
}

/** Triangles as wide as two pixels of whichever is coarser, source or result. */
function filterOf(source: number, count: number, { scale, offset }: Axis): Filter {
  const starts = new Int32Array(count);
  const weights = new Int32Array(TAPS * count);
  const reach = Math.max(1, scale);
  for (let index = 0; index < count; index++) {
    const centre = (offset + index + 0.5) * scale;
    const start = Math.max(0, Math.min(source - TAPS, Math.floor(centre - reach + 0.5)));
    starts[index] = start;
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) sum += heightOf((start + tap + 0.5 - centre) / reach);
    // Sums are rounded and not the weights themselves, which might not add up to one.
    let upTo = 0;
    let given = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      upTo += heightOf((start + tap + 0.5 - centre) / reach);
      const rounded = Math.round((upTo / sum) * UNIT);
      weights[TAPS * index + tap] = rounded - given;
      given = rounded;
    }
  }
  return { starts, weights };
}

/** Of a triangle of height 1 around 0 that reaches from -1 to 1. */
function heightOf(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}
