import type { Split } from './split.ts';
import { selectTargets } from '../targets.ts';

/** The samples of `split` at `indices`, in that order, as a split of their own; nothing is copied but the targets. */
export function selectSamples(split: Split, indices: Int32Array): Split {
  const { stream } = split;
  const { fingerprints, blocks } = stream ?? {};
  const identify = split.identify?.bind(split);
  const inSplit = (chosen: ArrayLike<number>): Int32Array =>
    Int32Array.from(chosen, (position) => indices[position] ?? -1);
  return {
    count: indices.length,
    targets: selectTargets(split.targets, indices),
    read: (chosen, target) => split.read(inSplit(chosen), target),
    identify: identify && ((chosen) => identify(inSplit(chosen))),
    stream: stream && {
      announce: (chosen) => {
        stream.announce(inSplit(chosen));
      },
      fingerprints: fingerprints && ((chosen) => fingerprints(inSplit(chosen))),
      blocks: blocks && { ...blocks, of: (position) => blocks.of(indices[position] ?? -1) },
    },
  };
}
