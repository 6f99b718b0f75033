import type { Task } from '../data/task.ts';
import { mixTeachers } from './targets/mixTeachers.ts';

/** What a teacher says of many samples, and its share. */
export interface SpokenLogits {
  readonly logits: Float32Array;
  readonly weight: number;
}

/** Several teachers as one: their probabilities averaged, or their numbers where there are no classes. */
export function mixOutputs(task: Task, members: readonly SpokenLogits[]): Float32Array {
  const [first] = members;
  if (!first || members.length === 1) return first?.logits ?? new Float32Array(0);
  if (task.kind === 'classification' || task.kind === 'token-classification') {
    return mixTeachers(members, task.classes.length);
  }
  return first.logits.map((_, index) =>
    members.reduce((sum, { logits, weight }) => sum + weight * (logits[index] ?? NaN), 0),
  );
}
