import { BadInputError, hasDiverged, isCancellation, problemsOfError } from '../../errors.ts';
import { summarizeFolds } from '../../evaluation/summarizeFolds.ts';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import type { Fold } from '../../data/splits/divideFold.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { CrossFittedTeacher } from '../../report/choice.ts';
import type { FoldResult, Folds, SplitMetrics, TestQuality } from '../../report/report.ts';
import type { Run } from '../run.ts';
import { endsWithTaught } from './guardStage.ts';
import { foldProgress, trainFold } from './trainFold.ts';

/**
 * Divides the data anew, as often as the experiment says, and trains student, baseline and a teacher that is to be trained on what each fold leaves; each is
 * judged on what its fold set aside. The objective is the run's. Their networks are there to be judged and not to be shipped.
 *
 * @param run with its objective chosen
 * @param crossFitted how right those are that teach in the teacher's place, where the run has them: its folds will have them, too
 * @returns null where no folds are asked for; fewer results when the run was stopped
 */
export async function foldStage(
  run: Run,
  device: DeviceName,
  crossFitted: CrossFittedTeacher | undefined,
): Promise<Folds | null> {
  const { experiment } = run;
  const { folds } = experiment;
  if (folds === undefined) return null;
  const results: FoldResult[] = [];
  for (let index = 0; index < folds; index++) {
    const message = `Judges on part ${index + 1} of ${folds}`;
    run.onEvent({ kind: 'phase', phase: 'folds', message });
    try {
      const result = await judgeFold(run, device, { index, count: folds }, crossFitted);
      if (!result) break;
      results.push(result);
    } catch (error) {
      if (isCancellation(error)) break;
      if (!(error instanceof BadInputError) && !hasDiverged(error)) throw error;
      const [problem] = problemsOfError(error, 'folds');
      run.onEvent({
        kind: 'warning',
        problem: {
          where: 'folds',
          message: `Part ${index + 1} of ${folds} cannot be judged on: ${problem?.message ?? ''}`,
        },
      });
    }
  }
  return summarizeFolds(results, {
    isInTime: experiment.dataset.split?.time !== undefined,
    isTeacherTrained: experiment.teacher === null ? null : teacherToTrain(experiment) !== undefined,
  });
}

/** @returns undefined when the run was stopped */
async function judgeFold(
  run: Run,
  device: DeviceName,
  fold: Fold,
  crossFitted: CrossFittedTeacher | undefined,
): Promise<FoldResult | undefined> {
  const { index } = fold;
  const training = {
    fold,
    name: (network: string) => `${network}-fold-${index + 1}`,
    tell: foldProgress(run, fold, crossFitted),
  };
  return trainFold(run, device, training, async ({ run: ofFold, taught, files, teacher, student, baseline }) => {
    const { dataset } = ofFold.prepared;
    const isGivenUp = baseline && run.journal.choice && !(await endsWithTaught(ofFold, taught, files));
    return {
      fold: index + 1,
      training: dataset.training.count,
      test: dataset.test.count,
      student: qualityOf((isGivenUp ? baseline : student).metrics),
      baseline: baseline ? qualityOf(baseline.metrics) : null,
      teacher: teacher ? qualityOf(teacher.metrics) : null,
    };
  });
}

function qualityOf({ accuracy, errors, loss }: SplitMetrics): TestQuality {
  return { accuracy, errors, loss };
}
