import type { Resize } from '../dataset.ts';
import type { ImageSize } from '../formats/imageStore.ts';

/** What every image of a dataset is decoded to: rows from the top, red, green and blue of each pixel side by side, or one byte of grey. */
export interface DecodedForm extends ImageSize {
  readonly channels: 1 | 3;
  readonly resize: Resize | undefined;
}

/** What the decoding thread starts with. */
export interface DecodingSetup {
  readonly form: DecodedForm;
  /** Slots of one image each, side by side; what is written there is told by the number of the slot. */
  readonly slots: SharedArrayBuffer;
}

/** What is asked of the decoding thread. */
export type DecodingRequest =
  | {
      readonly kind: 'decode';
      readonly slot: number;
      /** Path of the file, or its contents. */
      readonly content: string | Uint8Array;
      /** Goes before what is only decoded ahead. */
      readonly urgent: boolean;
    }
  /** Ends the thread after what it has begun. */
  | { readonly kind: 'stop' };

/** What became of an image. */
export type DecodingOutcome =
  | { readonly kind: 'decoded' }
  /** The file cannot be read at all. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'corrupt'; readonly reason: string }
  | { readonly kind: 'other-size'; readonly size: ImageSize };

export interface DecodingReply {
  readonly slot: number;
  readonly outcome: DecodingOutcome;
}
