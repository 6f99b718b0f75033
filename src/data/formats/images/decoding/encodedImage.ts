import { join } from 'node:path';

/** An image that is not decoded yet. */
export interface EncodedImage {
  /** For messages. */
  readonly name: string;
  /** Path of its file, or what the file has. */
  readonly content: string | Uint8Array;
}

/** An image in a file, of which there may be millions: its path is put together when it is asked for. */
export class ImageFile implements EncodedImage {
  readonly name: string;
  readonly #folder: string;

  /** @param name path from the folder on */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.name = name;
  }

  get content(): string {
    return join(this.#folder, this.name);
  }
}
