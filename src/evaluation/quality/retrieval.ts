import type { Retrieval } from '../../report/quality.ts';

/** Decisions about one class, or about several together. */
export interface Counts {
  /** Belong to the class. */
  readonly actual: number;
  /** Were given to the class. */
  readonly chosen: number;
  /** Both. */
  readonly right: number;
}

/** Precision, recall and F1; 0 where the denominator is, as scikit-learn has it by default. */
export function retrievalOf({ actual, chosen, right }: Counts): Retrieval {
  return {
    precision: chosen === 0 ? 0 : right / chosen,
    recall: actual === 0 ? 0 : right / actual,
    f1: actual + chosen === 0 ? 0 : (2 * right) / (actual + chosen),
  };
}

/** Of all classes together. */
export function microAverage(classes: readonly Counts[]): Retrieval {
  const sum = (figure: keyof Counts): number => classes.reduce((total, counts) => total + counts[figure], 0);
  return retrievalOf({ actual: sum('actual'), chosen: sum('chosen'), right: sum('right') });
}

/** The mean over classes; 0 for none. */
export function macroAverage(classes: readonly Counts[]): Retrieval {
  const retrievals = classes.map(retrievalOf);
  const mean = (figure: keyof Retrieval): number =>
    retrievals.reduce((total, retrieval) => total + retrieval[figure], 0) / Math.max(1, retrievals.length);
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}
