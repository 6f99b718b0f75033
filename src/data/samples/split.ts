import type { ChannelStatistics } from '../channelStatistics.ts';
import type { Targets } from '../targets.ts';

/** The samples of one split. */
export interface Split {
  readonly count: number;
  readonly targets: Targets;
  /**
   * Writes the samples at `indices` (0 … count − 1, in any order, repeated or not) into `target`
   * ([indices.length, ...sampleShape], row-major, images channel-first). Values are scaled to 0…1 and then normalised
   * as the experiment asks; tokens are their indices.
   */
  read(indices: ArrayLike<number>, target: Float32Array): Promise<void>;
  /** The same samples normalised, where the split can do that while it reads; see `normalizeSplit`. */
  normalized?(statistics: ChannelStatistics): Split;
  /**
   * What tells these samples from others, without making their values: a text that changes when one of them, or its preparation,
   * does. Left out where only the values tell.
   */
  readonly identify?: ((indices: ArrayLike<number>) => Promise<string>) | undefined;
  /** Only of samples that are not in memory, and are made when they are read. */
  readonly stream?: SampleStream | undefined;
}

/** What can be done with samples that are made when they are read, beside reading them. */
export interface SampleStream {
  /**
   * Tells which samples of the split will be read next, in which order, so that they can be made meanwhile. It replaces what was
   * told before, and makes no difference to what is read.
   */
  announce(indices: ArrayLike<number>): void;
  /**
   * Hashes of samples as they are encoded, two words for each. They are found out beside what is read, which comes first. Left out where
   * samples are made of nothing that is kept.
   *
   * @throws DistilleryError `CANCELLED` when the dataset is closed meanwhile
   */
  readonly fingerprints?: ((indices: ArrayLike<number>) => Promise<Uint32Array>) | undefined;
  /** Where samples lie that are read by blocks; left out where any order is as good. */
  readonly blocks?: SampleBlocks | undefined;
}

/** Samples side by side that are read at once. */
export interface SampleBlocks {
  /** The block of a sample. */
  of(index: number): number;
  /** Blocks whose samples are held together; samples that are mixed with those of more are read again and again. */
  readonly together: number;
}
