import type { TokenCode } from '../../preparation.ts';

/** The tokens of a text, and whether it has more than were asked for. */
export interface EncodedText {
  readonly tokens: readonly number[];
  readonly isCut: boolean;
}

/** Turns texts into tokens. */
export interface Tokenizer {
  readonly code: TokenCode;
  /** Number of different tokens. */
  readonly vocabulary: number;
  /** The token that fills up short texts. */
  readonly padding: number;
  /** Tokens that are no words: padding, and what frames texts or divides them. */
  readonly special: ReadonlySet<number>;
  /** What stands for a word that nobody knows or sees: the mask, or else the unknown word; undefined where there is neither. */
  readonly hidden: number | undefined;
  /** The tokens of a text with what stands before and behind it, at most `length`, and whether some were cut off. */
  encode(text: string, length: number): EncodedText;
  /**
   * The tokens of a text that was divided into words, at most `length`, and where each word begins.
   *
   * @returns `starts[w]` is the position of the first token of word w; words that are cut off have none
   */
  encodeWords(
    words: readonly string[],
    length: number,
  ): { readonly tokens: readonly number[]; readonly starts: readonly number[] };
}
