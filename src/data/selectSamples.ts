import type { Split } from './dataset.ts';
import { selectTargets } from './targets.ts';

/** The samples of `split` at `indices`, in that order, as a split of their own; nothing is copied but the targets. */
export function selectSamples(split: Split, indices: Int32Array): Split {
  return {
    count: indices.length,
    targets: selectTargets(split.targets, indices),
    read: (chosen, target) =>
      split.read(
        Int32Array.from(chosen, (position) => indices[position] ?? -1),
        target,
      ),
  };
}
