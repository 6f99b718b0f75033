import { LEAST_LABEL } from '../../data/unlabelled/noLabel.ts';
import type { FittedTerm } from './fittedTerms.ts';

/** What is known of some samples, rows of `width` numbers each. */
export interface KnownOfSamples {
  readonly count: number;
  readonly width: number;
  /** Distributions over classes, or numbers; far below 0 where there is no label. Undefined where there are none at all. */
  readonly labels: Float32Array | undefined;
  /** What each teacher says: logits of classes, or numbers; and its share. */
  readonly teachers: readonly { readonly outputs: Float32Array; readonly weight: number }[];
  /** Logits of prepared targets by name. */
  readonly prepared: ReadonlyMap<string, Float32Array>;
}

/**
 * One target for each sample: the mean of what the terms say, by their weights. A distribution fitted to the mean of several makes the
 * weighted sum of the cross-entropies with each of them least, and numbers that of the squared errors.
 *
 * A sample without a label is fitted to what the other terms say of it, and counts by their share.
 *
 * @param targets is written to, [count, width]
 * @param weights is written to: what every sample counts
 */
export function mixTargets(
  terms: readonly FittedTerm[],
  known: KnownOfSamples,
  targets: Float32Array,
  weights: Float32Array,
): void {
  const { count, width } = known;
  const all = terms.reduce((sum, { weight }) => sum + weight, 0);
  const said = terms.map(({ target, weight }) => ({ target, weight, rows: rowsOf(target, known) }));
  for (let row = 0; row < count; row++) {
    const [start, end] = [row * width, (row + 1) * width];
    targets.fill(0, start, end);
    let total = 0;
    for (const { target, weight, rows } of said) {
      if (!rows || (rows[start] ?? 0) < LEAST_LABEL) continue;
      const share = target.from === 'labels' ? weight * countOf(target.classWeights, rows, start) : weight;
      const smoothing = target.from === 'labels' ? target.smoothing : 0;
      for (let index = start; index < end; index++) {
        targets[index] = (targets[index] ?? 0) + share * ((1 - smoothing) * (rows[index] ?? 0) + smoothing / width);
      }
      total += share;
    }
    if (total > 0) for (let index = start; index < end; index++) targets[index] = (targets[index] ?? 0) / total;
    weights[row] = total / all;
  }
}

function countOf(classWeights: readonly number[] | undefined, labels: Float32Array, start: number): number {
  return classWeights?.reduce((sum, weight, index) => sum + weight * (labels[start + index] ?? 0), 0) ?? 1;
}

function rowsOf(target: FittedTerm['target'], known: KnownOfSamples): Float32Array | undefined {
  switch (target.from) {
    case 'labels':
      return known.labels;
    case 'prepared': {
      const logits = known.prepared.get(target.name);
      // What was prepared is of the training samples alone.
      return logits ? softmaxRows(logits, known.width) : mean(known, softmaxRows);
    }
    case 'teacher':
      switch (target.as) {
        case 'numbers':
          return mean(known, (outputs) => outputs);
        case 'probabilities':
          return mean(known, softmaxRows);
        case 'class':
          return largestAlone(mean(known, softmaxRows), known.width);
      }
  }
}

function mean(
  { teachers, width }: KnownOfSamples,
  read: (outputs: Float32Array, width: number) => Float32Array,
): Float32Array {
  const [first, ...others] = teachers.map(({ outputs, weight }) => ({ rows: read(outputs, width), weight }));
  if (!first) return new Float32Array(0);
  if (others.length === 0) return first.rows;
  return first.rows.map((value, index) =>
    others.reduce((sum, { rows, weight }) => sum + weight * (rows[index] ?? 0), first.weight * value),
  );
}

/** Softmax of every row. */
function softmaxRows(logits: Float32Array, width: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += width) {
    let largest = -Infinity;
    for (let index = start; index < start + width; index++) largest = Math.max(largest, logits[index] ?? 0);
    let sum = 0;
    for (let index = start; index < start + width; index++) sum += Math.exp((logits[index] ?? 0) - largest);
    for (let index = start; index < start + width; index++) {
      probabilities[index] = Math.exp((logits[index] ?? 0) - largest) / sum;
    }
  }
  return probabilities;
}

function largestAlone(rows: Float32Array, width: number): Float32Array {
  const alone = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += width) {
    let best = start;
    for (let index = start; index < start + width; index++) if ((rows[index] ?? 0) > (rows[best] ?? 0)) best = index;
    alone[best] = 1;
  }
  return alone;
}
