import type { Dataset } from '../../data/dataset.ts';
import { classShares } from '../../data/targets.ts';
import { classesOf } from '../../data/task.ts';
import { tellsLittle } from '../tellsLittle.ts';

/** Share of the samples from which on a class is most of them. */
const MOST = 0.8;

/**
 * The shares of the classes that a new network begins at; see `beginAtShares`. It does so where so few samples are set aside that an untrained
 * network may be taken for a good one, and where one class is most of the samples, so that the others would be lost in learning how rare they are.
 * Elsewhere networks did no better for it (docs/gain.md).
 *
 * @returns undefined where a network begins as usual
 */
export function sharesToBeginAt({
  task,
  training,
  validation,
}: Pick<Dataset, 'task' | 'training' | 'validation'>): readonly number[] | undefined {
  const shares = classShares(training.targets, classesOf(task).length);
  return shares && (tellsLittle(validation) || Math.max(...shares) >= MOST) ? shares : undefined;
}
