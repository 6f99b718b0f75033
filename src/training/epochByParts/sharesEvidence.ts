/** What samples that a classifier has not learned say of it beside whoever always says the largest class. Counts and sums add up over samples. */
export interface SharesEvidence {
  /** Samples on which the classifier alone is right. */
  readonly ahead: number;
  /** Samples on which it alone is wrong. */
  readonly behind: number;
  /** Sum of the cross-entropies, in nats, where the share at the same place of `OWN` is left of what the classifier says. */
  readonly losses: readonly number[];
}

/** Shares that may be left of what a classifier says when it is drawn to the shares of the classes: never nothing, so that it still ranks samples. */
export const OWN: readonly number[] = Array.from({ length: 20 }, (_, index) => (index + 1) / 20);

/**
 * How much is left of what a classifier says: everything where it is right more often than whoever always says the largest class by more than a
 * standard error of the difference; else what is likeliest by the samples (as in Platt, "Probabilistic outputs for support vector machines", 1999,
 * with the shares of the classes in place of its offset).
 *
 * @returns above 0, at most 1
 */
export function leftOfOwn({ ahead, behind, losses }: SharesEvidence): number {
  if (ahead - behind > Math.sqrt(ahead + behind)) return 1;
  return OWN[losses.indexOf(Math.min(...losses))] ?? 1;
}

/** The sum of what several say, each times the factor. */
export function sumEvidence(parts: readonly SharesEvidence[], factor: number): SharesEvidence {
  const sum = (of: (part: SharesEvidence) => number): number =>
    factor * parts.reduce((total, part) => total + of(part), 0);
  return {
    ahead: sum(({ ahead }) => ahead),
    behind: sum(({ behind }) => behind),
    losses: OWN.map((_, index) => sum(({ losses }) => losses[index] ?? 0)),
  };
}
