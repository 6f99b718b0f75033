import type { Resize } from './resize.ts';
import type { ChannelStatistics } from './channelStatistics.ts';
import type { DatePart } from './formats/tables/times/dates.ts';

/** What one column of a table becomes. */
export type ColumnCode =
  /** One value: (x − mean) / std; a missing x is taken for the mean. With `part`, x is not what the column holds but what is found from it. */
  | {
      readonly name: string;
      readonly kind: 'number';
      readonly part?: ColumnPart;
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

/** A number that is found from a cell of a column: 1 where it is `missing` and else 0, or a part of its date. */
export interface ColumnPart {
  readonly of: string;
  readonly is: 'missing' | DatePart;
  /** Of dates: whether 1/2/2024 is the first of February. Left out where that is not so. */
  readonly dayFirst?: boolean;
}

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
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** Characters, as they are written, by their place in the list; 0 is padding, 1 a character that is not listed. */
  | { readonly kind: 'characters'; readonly characters: readonly string[] };

/** How a recording becomes a log-mel spectrogram [1, bands, frames] of 0 (silence) to 1 (a tone of full loudness). */
export interface SpectrogramCode {
  /** Samples in a second. */
  readonly rate: number;
  /** Samples under a Hann window, and between the beginnings of two. */
  readonly window: number;
  readonly hop: number;
  /** Samples of the Fourier transform; those after the window are 0. */
  readonly transform: number;
  /** Triangular bands, evenly spaced on the mel scale from `lowest` to `highest` Hz. */
  readonly bands: number;
  readonly lowest: number;
  readonly highest: number;
  /** Decibels below full loudness that are silence. */
  readonly floor: number;
  /** Frames of a sample; shorter recordings are followed by silence. */
  readonly frames: number;
}

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
      /** That they were turned as their cameras noted; left out where they were not. */
      readonly isTurned?: boolean;
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
      /** The arrays that lie one after the other in a sample, and what the numbers of each are divided by; left out where it is one. */
      readonly parts?: readonly { readonly name: string; readonly shape: readonly number[]; readonly unit: number }[];
      /** How the arrays were made of recordings; left out for other arrays. */
      readonly spectrogram?: SpectrogramCode;
      /** Left out where nothing is scaled. */
      readonly targets?: readonly TargetScale[];
    };
