import type { FoldResult, Folds } from '../report/report.ts';
import { meanInterval } from './meanInterval.ts';

/**
 * The folds with the gain over all of them, in the measure that the task has: accuracy, or loss.
 *
 * @param isTeacherTrained whether the teacher was trained anew in each; null where there is none
 */
export function summarizeFolds(
  results: readonly FoldResult[],
  { isInTime, isTeacherTrained }: Pick<Folds, 'isInTime' | 'isTeacherTrained'>,
): Folds {
  const differences = results.flatMap(({ student, baseline }) =>
    baseline ? [(student.accuracy ?? student.loss) - (baseline.accuracy ?? baseline.loss)] : [],
  );
  const shared = results.reduce((sum, { test, training }) => sum + test / training, 0) / Math.max(1, results.length);
  return { results, gain: meanInterval(differences, shared), isInTime, isTeacherTrained };
}
