import type { ContentHash } from './decodingMessages.ts';

interface Waiting {
  /** Images whose hashes are not known yet. */
  readonly left: Set<number>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What is known of the contents of images: hashes of 64 bits, as two words, which come one by one. */
export class ContentHashes {
  readonly #words: Uint32Array;
  readonly #isKnown: Uint8Array;
  readonly #waiting = new Set<Waiting>();

  /** @param count number of the images */
  constructor(count: number) {
    this.#words = new Uint32Array(2 * count);
    this.#isKnown = new Uint8Array(count);
  }

  isKnown(image: number): boolean {
    return this.#isKnown[image] === 1;
  }

  put(image: number, hash: ContentHash): void {
    this.#words.set(hash, 2 * image);
    this.#isKnown[image] = 1;
    for (const waiting of this.#waiting) {
      if (!waiting.left.delete(image) || waiting.left.size > 0) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }

  /** The hashes of images, two words for each, as soon as all are known. */
  async get(images: Int32Array): Promise<Uint32Array> {
    const left = new Set([...images].filter((image) => !this.isKnown(image)));
    if (left.size > 0) {
      await new Promise<void>((resolve, reject) => this.#waiting.add({ left, resolve, reject }));
    }
    const words = new Uint32Array(2 * images.length);
    for (const [row, image] of images.entries()) words.set(this.#words.subarray(2 * image, 2 * image + 2), 2 * row);
    return words;
  }

  /** Tells whoever waits that there will be no more. */
  fail(error: Error): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}
