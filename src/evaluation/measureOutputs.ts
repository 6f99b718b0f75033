import type { Targets } from '../data/targets.ts';
import type { Task } from '../data/task.ts';
import { DistilleryError } from '../errors.ts';
import type { SplitMetrics } from '../report/report.ts';
import { deviationMetrics } from './deviation.ts';
import { agreement, classificationMetrics } from './metrics.ts';
import { labelMetrics } from './multiLabelMetrics.ts';

/** What the outputs of a network are, and what the teacher gave for the same samples. */
export interface MeasureOptions {
  readonly outputs: 'logits' | 'probabilities';
  /** Needed where a student is to match its teacher. */
  readonly teacherOutputs?: Float32Array | undefined;
}

/**
 * Judges the outputs of a network for a split against the split's targets, in double precision.
 * @throws DistilleryError when outputs and targets do not belong together
 */
export function measureOutputs(
  task: Task,
  outputs: Float32Array,
  targets: Targets,
  options: MeasureOptions,
): SplitMetrics {
  switch (task.kind) {
    case 'classification':
      return classificationMetrics(outputs, labelsOf(targets), task.classes.length, options);
    case 'token-classification': {
      const rows = labelledRows(outputs, labelsOf(targets), task.classes.length);
      return classificationMetrics(rows.outputs, rows.labels, task.classes.length, options);
    }
    case 'multi-label':
      return labelMetrics(outputs, valuesOf(targets), task.classes.length, options);
    case 'regression':
      return deviationMetrics(outputs, valuesOf(targets), task.targets.length);
    case 'reconstruction':
      return deviationMetrics(outputs, valuesOf(targets), 1);
    case 'matching': {
      const { teacherOutputs } = options;
      if (!teacherOutputs) throw new DistilleryError('INTERNAL', 'There are no outputs of a teacher to match.');
      return deviationMetrics(outputs, teacherOutputs, 1);
    }
  }
}

/** Share (0…1) of the decisions on which two networks agree; null where a task decides nothing. */
export function agreementOf(task: Task, a: Float32Array, b: Float32Array, targets: Targets): number | null {
  switch (task.kind) {
    case 'classification':
      return agreement(a, b, task.classes.length);
    case 'token-classification': {
      const classes = task.classes.length;
      const labels = labelsOf(targets);
      return agreement(labelledRows(a, labels, classes).outputs, labelledRows(b, labels, classes).outputs, classes);
    }
    case 'multi-label':
    case 'regression':
    case 'reconstruction':
    case 'matching':
      return null;
  }
}

function labelsOf(targets: Targets): Int32Array {
  if (targets.kind === 'classes' || targets.kind === 'tokens') return targets.labels;
  throw new DistilleryError('INTERNAL', 'The split has no class labels.');
}

function valuesOf(targets: Targets): Float32Array {
  if (targets.kind === 'values') return targets.values;
  throw new DistilleryError('INTERNAL', 'The split has no target values.');
}

/** The rows of outputs whose token has a label, and those labels. */
export function labelledRows(
  outputs: Float32Array,
  labels: Int32Array,
  classes: number,
): { readonly outputs: Float32Array; readonly labels: Int32Array } {
  const kept = labels.filter((label) => label >= 0);
  const rows = new Float32Array(kept.length * classes);
  let row = 0;
  labels.forEach((label, token) => {
    if (label < 0) return;
    rows.set(outputs.subarray(token * classes, (token + 1) * classes), row * classes);
    row++;
  });
  return { outputs: rows, labels: kept };
}
