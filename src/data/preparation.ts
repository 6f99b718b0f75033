import type { Resize } from './dataset.ts';
import type { ChannelStatistics } from './normalization.ts';

/** What one column of a table becomes. */
export type ColumnCode =
  /** One value: (x − mean) / std; a missing x is taken for the mean. */
  | {
      readonly name: string;
      readonly kind: 'number';
      readonly mean: number;
      readonly std: number;
      readonly fill: number;
    }
  /**
   * A value for each category, 1 for the one that is there and 0 for the others, and one for a missing value when
   * `missing`; zeros for a category that is not listed. Two categories without missing values take one value: 1 for the second.
   */
  | {
      readonly name: string;
      readonly kind: 'category';
      readonly categories: readonly string[];
      readonly missing: boolean;
    };

/** How a number that is to be predicted was scaled: the network gives (y − mean) / std. */
export interface TargetScale {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
}

/** How texts become tokens. */
export type TokenCode =
  /** A Hugging Face `tokenizer.json`. */
  | { readonly kind: 'file'; readonly file: string }
  /** Lower-cased words by their place in the list; 0 is padding, 1 a word that is not listed. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

/**
 * What is done to the data before a network sees it, as it was fitted to the training split: whoever uses the
 * student must do the same. Everything in it is plain JSON.
 */
export type Preparation =
  /** Values of 0…255 are divided by 255, and normalised per channel where there are statistics. */
  | {
      readonly kind: 'pixels';
      readonly normalization: ChannelStatistics | null;
      /** How images were brought to one size; left out where they had one. */
      readonly resize?: Resize;
      /** Left out where nothing is scaled. */
      readonly targets?: readonly TargetScale[];
    }
  /** The columns side by side, in this order. */
  | {
      readonly kind: 'table';
      readonly columns: readonly ColumnCode[];
      readonly targets: readonly TargetScale[];
    }
  /** The columns' texts, joined with a space, as tokens: cut off at `length`, filled up with `padding`. */
  | {
      readonly kind: 'text';
      readonly columns: readonly string[];
      readonly tokens: TokenCode;
      readonly length: number;
      readonly padding: number;
      readonly targets: readonly TargetScale[];
    }
  /** Arrays as they are stored, normalised per channel where there are statistics. */
  | {
      readonly kind: 'arrays';
      readonly normalization: ChannelStatistics | null;
      /** Left out where nothing is scaled. */
      readonly targets?: readonly TargetScale[];
    };
