import { allocateSamples } from '../../memory.ts';
import type { RgbImage } from './decoding/bmp.ts';

/** Height and width in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/**
 * Images of one size as bytes, channel-first. They are kept with one channel as long as all of them are grey (red, green and
 * blue equal everywhere) and with three from the first that is not.
 */
export class ImageStore {
  readonly #count: number;
  readonly #plane: number;
  #channels: 1 | 3 = 1;
  #bytes: Uint8Array;

  /** @throws BadInputError when the images would take too much memory */
  constructor(count: number, size: ImageSize) {
    this.#count = count;
    this.#plane = size.height * size.width;
    this.#bytes = allocateSamples(count * this.#plane);
  }

  get channels(): 1 | 3 {
    return this.#channels;
  }

  /** The images one after the other, [count, channels, height, width]. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Stores an image of the store's size. @throws BadInputError when colour makes the store take too much memory */
  put(index: number, { pixels }: RgbImage): void {
    if (this.#channels === 1 && !isGrey(pixels)) this.#widen();
    const size = this.#channels * this.#plane;
    copyPlanes(pixels, this.#channels, this.#bytes.subarray(index * size, (index + 1) * size));
  }

  #widen(): void {
    const wide = allocateSamples(3 * this.#count * this.#plane);
    for (let index = 0; index < this.#count; index++) {
      const grey = this.#bytes.subarray(index * this.#plane, (index + 1) * this.#plane);
      for (let channel = 0; channel < 3; channel++) wide.set(grey, (3 * index + channel) * this.#plane);
    }
    this.#bytes = wide;
    this.#channels = 3;
  }
}

/** Copies an image's first channels, each on its own. @param pixels red, green and blue of each pixel side by side */
export function copyPlanes(pixels: Uint8Array, channels: 1 | 3, target: Uint8Array): void {
  const plane = target.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * plane;
    for (let pixel = 0; pixel < plane; pixel++) target[start + pixel] = pixels[3 * pixel + channel] ?? 0;
  }
}

/** Whether red, green and blue are equal everywhere. */
export function isGrey(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return false;
  }
  return true;
}
