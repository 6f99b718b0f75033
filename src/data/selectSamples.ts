import type { Split } from './dataset.ts';

/** The samples of `split` at `indices`, in that order, as a split of their own; nothing is copied but the labels. */
export function selectSamples(split: Split, indices: Int32Array): Split {
  return {
    count: indices.length,
    labels: indices.map((index) => split.labels[index] ?? 0),
    read: (chosen, target) =>
      split.read(
        Int32Array.from(chosen, (position) => indices[position] ?? -1),
        target,
      ),
  };
}
