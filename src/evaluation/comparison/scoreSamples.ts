import type { Targets } from '../../data/targets.ts';
import type { Task } from '../../data/task.ts';
import { DistilleryError } from '../../errors.ts';
import { argmax } from '../metrics.ts';

/** Outputs of a network for a split, and what they are. */
export interface Said {
  readonly outputs: Float32Array;
  readonly kind: 'logits' | 'probabilities';
}

/** What every sample adds to a figure that is a mean: the sum of some scores, and how many they are. */
export interface SampleScores {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Right decisions of every sample; squared errors where nothing is decided.
 *
 * @param teacherOutputs what is to be matched where there are no targets
 */
export function scoreSamples(
  task: Task,
  { outputs, kind }: Said,
  targets: Targets,
  teacherOutputs: Float32Array,
): SampleScores {
  switch (task.kind) {
    case 'classification':
    case 'token-classification': {
      if (targets.kind !== 'classes' && targets.kind !== 'tokens') throw unlabelled();
      const { labels } = targets;
      const classes = task.classes.length;
      return scored(labels.length, targets.kind === 'tokens' ? targets.width : 1, (row) => {
        if ((labels[row] ?? -1) < 0) return undefined;
        return argmax(outputs, { start: row * classes, end: (row + 1) * classes }) === labels[row] ? 1 : 0;
      });
    }
    case 'multi-label': {
      if (targets.kind !== 'values') throw unlabelled();
      const threshold = kind === 'logits' ? 0 : 0.5;
      const { values, width } = targets;
      return scored(values.length, width, (index) =>
        (outputs[index] ?? NaN) > threshold === (values[index] ?? NaN) > 0.5 ? 1 : 0,
      );
    }
    case 'regression':
    case 'reconstruction': {
      if (targets.kind !== 'values') throw unlabelled();
      const { values, width } = targets;
      return scored(values.length, width, (index) => ((outputs[index] ?? NaN) - (values[index] ?? NaN)) ** 2);
    }
    case 'matching':
      return scored(outputs.length, 1, (index) => ((outputs[index] ?? NaN) - (teacherOutputs[index] ?? NaN)) ** 2);
  }
}

/** @param score of one decision; undefined for none */
function scored(decisions: number, perSample: number, score: (index: number) => number | undefined): SampleScores {
  const sums = new Float64Array(decisions / perSample);
  const counts = new Float64Array(sums.length);
  for (let index = 0; index < decisions; index++) {
    const value = score(index);
    if (value === undefined) continue;
    const sample = Math.floor(index / perSample);
    sums[sample] = (sums[sample] ?? 0) + value;
    counts[sample] = (counts[sample] ?? 0) + 1;
  }
  return { sums, counts };
}

function unlabelled(): DistilleryError {
  return new DistilleryError('INTERNAL', 'The split has no targets of the kind that the task has.');
}
