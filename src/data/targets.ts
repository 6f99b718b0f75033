import { LEAST_LABEL, NO_LABEL, UNKNOWN_CLASS } from './unlabelled/noLabel.ts';

/** What the samples of a split are labelled with. */
export type Targets =
  /** The class of every sample. */
  | { readonly kind: 'classes'; readonly labels: Int32Array }
  /** `width` numbers for every sample, [count, width]: 0 or 1 for each class, or the numbers to be predicted. */
  | { readonly kind: 'values'; readonly values: Float32Array; readonly width: number }
  /** The class of every token, [count, width]; −1 where a token has none, as padding. */
  | { readonly kind: 'tokens'; readonly labels: Int32Array; readonly width: number }
  /** The sample itself. */
  | { readonly kind: 'samples' }
  | { readonly kind: 'none' };

/** The targets of the samples at `indices`, in that order. */
export function selectTargets(targets: Targets, indices: ArrayLike<number>): Targets {
  switch (targets.kind) {
    case 'classes': {
      const { labels } = targets;
      return { kind: 'classes', labels: Int32Array.from(indices, (index) => labels[index] ?? 0) };
    }
    case 'values': {
      const { values, width } = targets;
      const selected = new Float32Array(indices.length * width);
      copyRows(values, width, indices, selected);
      return { kind: 'values', values: selected, width };
    }
    case 'tokens': {
      const { labels, width } = targets;
      const selected = new Int32Array(indices.length * width);
      copyRows(labels, width, indices, selected);
      return { kind: 'tokens', labels: selected, width };
    }
    case 'samples':
    case 'none':
      return targets;
  }
}

/** Copies rows of `width` elements: row `indices[n]` of `source` becomes row n of `target`. */
export function copyRows<Data extends Float32Array | Int32Array>(
  source: Data,
  width: number,
  indices: ArrayLike<number>,
  target: Data,
): void {
  for (let row = 0; row < indices.length; row++) {
    const start = (indices[row] ?? 0) * width;
    target.set(source.subarray(start, start + width), row * width);
  }
}

/**
 * Writes the targets of the samples at `indices` as a training step takes them: distributions over the classes [n, classes]
 * or [n, tokens, classes] (zeros for a token without a class), or the numbers themselves; `NO_LABEL` where labels are not known. Samples that are their own targets are
 * left to whoever reads them.
 *
 * @param classes number of classes; not looked at where targets are numbers
 */
export function writeTargets(
  targets: Targets,
  classes: number,
  indices: ArrayLike<number>,
  target: Float32Array,
): void {
  switch (targets.kind) {
    case 'classes':
      target.fill(0);
      for (let row = 0; row < indices.length; row++) {
        const label = targets.labels[indices[row] ?? 0] ?? 0;
        if (label >= 0) target[row * classes + label] = 1;
        else target.fill(NO_LABEL, row * classes, (row + 1) * classes);
      }
      break;
    case 'values':
      copyRows(targets.values, targets.width, indices, target);
      break;
    case 'tokens':
      target.fill(0);
      for (let row = 0; row < indices.length; row++) {
        for (let token = 0; token < targets.width; token++) {
          const label = targets.labels[(indices[row] ?? 0) * targets.width + token] ?? -1;
          const start = (row * targets.width + token) * classes;
          if (label >= 0) target[start + label] = 1;
          else if (label === UNKNOWN_CLASS) target.fill(NO_LABEL, start, start + classes);
        }
      }
      break;
    case 'samples':
    case 'none':
      break;
  }
}

/** A group for every sample, to divide a dataset by: its class, or the same for all where there are no classes. */
export function strataOf(targets: Targets, count: number): Int32Array {
  return targets.kind === 'classes' ? targets.labels : new Int32Array(count);
}

/**
 * How often each class is among the labels of samples or tokens, as if one more of them had it and one more had not: no class is impossible
 * because a few samples lack it. Where a sample has any number of classes, each share is a class's own; otherwise they add up to 1.
 *
 * @returns undefined where nothing is labelled with a class
 */
export function classShares(targets: Targets, classes: number): readonly number[] | undefined {
  if (classes === 0) return undefined;
  if (targets.kind === 'values') return sharesOfEach(targets.values, targets.width);
  if (targets.kind !== 'classes' && targets.kind !== 'tokens') return undefined;
  const counts = Array<number>(classes).fill(1);
  let total = classes;
  for (const label of targets.labels) {
    const count = counts[label];
    if (count === undefined) continue;
    counts[label] = count + 1;
    total++;
  }
  return total === classes ? undefined : counts.map((count) => count / total);
}

function sharesOfEach(values: Float32Array, width: number): readonly number[] | undefined {
  const counts = Array<number>(width).fill(1);
  const totals = Array<number>(width).fill(2);
  values.forEach((value, index) => {
    if (value < LEAST_LABEL) return;
    const place = index % width;
    counts[place] = (counts[place] ?? 0) + value;
    totals[place] = (totals[place] ?? 0) + 1;
  });
  return totals.every((total) => total === 2) ? undefined : counts.map((count, place) => count / (totals[place] ?? 2));
}
