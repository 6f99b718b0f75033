import type { Targets } from '../targets.ts';
import type { Split } from './split.ts';

/** The same samples with other targets. */
export function withTargets(split: Split, targets: Targets): Split {
  return {
    count: split.count,
    targets,
    read: (indices, target) => split.read(indices, target),
    identify: split.identify?.bind(split),
    stream: split.stream,
  };
}
