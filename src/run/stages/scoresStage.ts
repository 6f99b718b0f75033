import type { Targets } from '../../data/targets.ts';
import type { Task } from '../../data/task.ts';
import { scoreSamples, type Said } from '../../evaluation/comparison/scoreSamples.ts';
import type { TestScores } from '../../runFolder/testScores.ts';

/** How student and baseline did on every sample of the test split, to be compared with other runs. */
export function scoresStage(
  task: Task,
  said: { readonly student: Said; readonly baseline: Said | undefined; readonly teacher: Said | undefined },
  truth: Targets,
  test: string,
): TestScores {
  // Only where nothing but the teacher says what is right are its outputs looked at.
  const reference = (said.teacher ?? said.student).outputs;
  const isError = task.kind === 'regression' || task.kind === 'reconstruction' || task.kind === 'matching';
  return {
    test,
    measure: isError ? 'squared errors' : 'decisions',
    student: scoreSamples(task, said.student, truth, reference),
    ...(said.baseline && { baseline: scoreSamples(task, said.baseline, truth, reference) }),
    ...(task.kind === 'classification' && truth.kind === 'classes' && { labels: Int32Array.from(truth.labels) }),
  };
}
