import { BadInputError } from '../../../../errors.ts';
import type { Split } from '../../../samples/split.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { copyRows, type Targets } from '../../../targets.ts';
import { CorruptSamples } from './streamedSplit.ts';

/**
 * A split in which the next sample with the same target stands in for one that turns out to be corrupt. Which one that is depends on
 * the samples alone, never on when they are read; and it is one of the split itself, so that nothing of the test is trained on.
 */
export function withPlaceholders(split: Split): Split {
  const corrupt = new Set<number>();
  const standInFor = (index: number): number | undefined => {
    if (!corrupt.has(index)) return index;
    for (let step = 1; step < split.count; step++) {
      const other = (index + step) % split.count;
      if (!corrupt.has(other) && haveSameTarget(split.targets, index, other)) return other;
    }
    return undefined;
  };
  const read = async (indices: ArrayLike<number>, target: Float32Array): Promise<void> => {
    const known = Int32Array.from(indices, (index) => standInFor(index) ?? index);
    try {
      await split.read(known, target);
    } catch (error) {
      if (!(error instanceof CorruptSamples)) throw error;
      for (const { row } of error.samples) corrupt.add(known[row] ?? -1);
      const others = error.samples.map(({ row, name, reason }) => {
        const other = standInFor(known[row] ?? -1);
        if (other !== undefined) return other;
        throw new BadInputError([
          pathProblem(
            `The image ${name} cannot be decoded: ${reason}; no other of its split has the same label and could stand in for it.`,
            'Replace or remove it.',
          ),
        ]);
      });
      const width = target.length / indices.length;
      const replaced = new Float32Array(others.length * width);
      await read(others, replaced);
      error.samples.forEach(({ row }, position) => {
        copyRows(replaced, width, [position], target.subarray(row * width, (row + 1) * width));
      });
    }
  };
  const { count, targets, stream } = split;
  return { count, targets, read, identify: split.identify?.bind(split), stream };
}

/** Whether two samples are labelled alike. */
function haveSameTarget(targets: Targets, one: number, other: number): boolean {
  switch (targets.kind) {
    case 'classes':
      return targets.labels[one] === targets.labels[other];
    case 'values':
      return haveSameRow(targets.values, targets.width, one, other);
    case 'tokens':
      return haveSameRow(targets.labels, targets.width, one, other);
    case 'samples':
    case 'none':
      return true;
  }
}

function haveSameRow(rows: Float32Array | Int32Array, width: number, one: number, other: number): boolean {
  for (let at = 0; at < width; at++) if (rows[one * width + at] !== rows[other * width + at]) return false;
  return true;
}
