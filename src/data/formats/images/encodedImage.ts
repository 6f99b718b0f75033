/** An image that is not decoded yet. */
export interface EncodedImage {
  /** For messages. */
  readonly name: string;
  /** Path of its file, or what the file has. */
  readonly content: string | Uint8Array;
}
