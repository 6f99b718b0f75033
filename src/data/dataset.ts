/** The samples of one split. */
export interface Split {
  readonly count: number;
  /** Class index of every sample. */
  readonly labels: Int32Array;
  /**
   * Writes the samples at `indices`, in that order, into `target` ([indices.length, ...sampleShape], row-major,
   * images channel-first). Values are scaled to 0…1 and then normalised as the experiment asks.
   */
  read(indices: ArrayLike<number>, target: Float32Array): Promise<void>;
}

/** A dataset that was opened and understood. */
export interface Dataset {
  /** What was recognised, such as `IDX` or `image folders`. */
  readonly format: string;
  readonly classes: readonly string[];
  /** Dimensions of one sample, such as [1, 28, 28]. */
  readonly sampleShape: readonly number[];
  readonly training: Split;
  readonly validation: Split;
  readonly test: Split;
  dispose(): Promise<void>;
}
