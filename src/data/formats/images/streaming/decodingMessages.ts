import type { Resize } from '../../../resize.ts';
import type { ImageSize } from '../imageStore.ts';

/** What every image of a dataset is decoded to: rows from the top, red, green and blue of each pixel side by side, or one byte of grey. */
export interface DecodedForm extends ImageSize {
  readonly channels: 1 | 3;
  readonly resize: Resize | undefined;
  /** Whether images are turned as their cameras noted; left out where they are not. */
  readonly isTurned?: boolean | undefined;
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
      /** By what the hash of the contents is known that is told, too; undefined where none is wanted. */
      readonly image: number | undefined;
    }
  /** Asks for the hash of an image's contents, when there is nothing to decode. */
  | { readonly kind: 'hash'; readonly image: number; readonly content: string | Uint8Array }
  /** Ends the thread after what it has begun. */
  | { readonly kind: 'stop' };

/** What became of an image. */
export type DecodingOutcome =
  | { readonly kind: 'decoded' }
  /** The file cannot be read at all. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'corrupt'; readonly reason: string }
  | { readonly kind: 'other-size'; readonly size: ImageSize };

export type DecodingReply =
  | { readonly kind: 'decoded'; readonly slot: number; readonly outcome: DecodingOutcome }
  | { readonly kind: 'hashed'; readonly image: number; readonly hash: ContentHash };

/** A hash of 64 bits, as two words. */
export type ContentHash = readonly [one: number, other: number];
