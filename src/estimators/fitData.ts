/** Samples as rows of numbers, [count, features] row-major. */
export interface Rows {
  readonly count: number;
  readonly features: number;
  readonly values: Float32Array;
}

/** What rows are to be told apart by, or what numbers they are to give. */
export interface FitTargets {
  /** Distributions over classes (rows sum to 1; a label is a 1 among zeros), or numbers to predict. */
  readonly kind: 'classes' | 'numbers';
  /** Classes, or numbers of a row. */
  readonly width: number;
  /** [count, width] */
  readonly values: Float32Array;
  /** What each row counts; all 1 where left out. */
  readonly weights?: Float32Array | undefined;
}

/** What an estimator is fitted to. */
export interface FitData {
  readonly rows: Rows;
  readonly targets: FitTargets;
}

/** How a fit stands after a round. */
export interface FitRound {
  /** Counted from 1, of at most so many. */
  readonly round: number;
  readonly rounds: number;
  /** Logits, or numbers, of the validation rows. */
  readonly outputs: Float32Array;
  /** Whether it is the best so far. */
  readonly isBest: boolean;
}

/** How a fit is watched, and stopped. */
export interface FitWatch {
  /**
   * To be awaited now and then, so that the process can do other things meanwhile.
   * @throws DistilleryError `CANCELLED` when the fit is to end
   */
  readonly pause: () => Promise<void>;
  /** Told how much of the work is done. */
  readonly onProgress: (done: number, total: number) => void;
  /** Told what the validation rows get after each round, where there are rounds. */
  readonly onRound?: (round: FitRound) => void;
}
