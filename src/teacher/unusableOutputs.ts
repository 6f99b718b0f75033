import { classesOf, type Task } from '../data/task.ts';
import { DistilleryError } from '../errors.ts';

/** What nothing can be learned from. */
interface Unusable {
  /** Samples that have such outputs. */
  readonly samples: number;
  /** What they have: the first kind that was met. */
  readonly what: 'NaN' | 'infinity' | '−infinity for every class';
}

/**
 * Samples for which a teacher says nothing: NaN; every class impossible; or, where there are no classes, an infinite number. A logit of
 * −∞ among others is a probability of 0.
 *
 * @param outputs [count, …]
 */
export function findUnusable(task: Task, outputs: Float32Array, count: number): Unusable | undefined {
  const classes = classesOf(task).length;
  const isOneOf = task.kind === 'classification' || task.kind === 'token-classification';
  const width = outputs.length / count;
  let what: Unusable['what'] | undefined;
  let samples = 0;
  for (let sample = 0; sample < count; sample++) {
    const row = outputs.subarray(sample * width, (sample + 1) * width);
    const found = row.some(Number.isNaN)
      ? 'NaN'
      : classes === 0
        ? row.some((value) => Math.abs(value) === Infinity) && 'infinity'
        : isOneOf && hasImpossibleRow(row, classes) && '−infinity for every class';
    if (found === false) continue;
    samples++;
    what ??= found;
  }
  return what && { samples, what };
}

function hasImpossibleRow(values: Float32Array, classes: number): boolean {
  for (let start = 0; start < values.length; start += classes) {
    if (values.subarray(start, start + classes).every((value) => value === -Infinity)) return true;
  }
  return false;
}

/**
 * Refuses outputs of a teacher that nothing can be learned from.
 *
 * @param outputs [count, …]
 * @param of what the samples are, such as `validation samples`
 * @throws DistilleryError `BAD_INPUT` that says for how many of them
 */
export function refuseUnusable(task: Task, outputs: Float32Array, count: number, of: string): void {
  const found = findUnusable(task, outputs, count);
  if (!found) return;
  throw new DistilleryError('BAD_INPUT', `The teacher gives ${found.what} for ${found.samples} of ${count} ${of}.`, {
    hint: unusableHint,
  });
}

/** What to do about a teacher that gives NaN. */
export const unusableHint =
  'Check the weights of the teacher and how its inputs are prepared (normalization, dataset.scaling), or choose another teacher.';
