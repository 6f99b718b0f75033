import { join } from 'node:path';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { evaluateFile, evaluateOnTest, type EvaluationOptions } from '../../evaluation/evaluateNetwork.ts';
import { summarizeFolds } from '../../evaluation/summarizeFolds.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import { makeFolder } from '../../platform/makeFolder.ts';
import { preflight } from '../../preflight/preflight.ts';
import type { DeviceName, RunEvent } from '../../protocol/events.ts';
import type { FoldResult, Folds, SplitMetrics, TestQuality } from '../../report/report.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import type { Run } from '../run.ts';
import { trainBaseline } from './baselineStage.ts';
import { enlarged } from './enlarge/enlargeStage.ts';
import { endsWithTaught } from './guardStage.ts';
import { studentMaterial, trainStudent } from './studentStage.ts';
import { obtainTeachers, teachStage, type Taught } from './teacherStage.ts';

/** Networks that a fold trains, in their order. */
type Trained = 'teacher' | 'student' | 'baseline';

/**
 * Divides the data anew, as often as the experiment says, and trains student, baseline and a teacher that is to be trained on what each fold leaves; each is
 * judged on what its fold set aside. The objective is the run's. Their networks are there to be judged and not to be shipped.
 *
 * @param run with its objective chosen
 * @returns null where no folds are asked for; fewer results when the run was stopped
 */
export async function foldStage(run: Run, device: DeviceName): Promise<Folds | null> {
  const { experiment, folder } = run;
  const { folds } = experiment;
  if (folds === undefined) return null;
  await makeFolder(folder.file('repeats'));
  const results: FoldResult[] = [];
  for (let index = 0; index < folds; index++) {
    const message = `Judges on part ${index + 1} of ${folds}`;
    run.onEvent({ kind: 'phase', phase: 'folds', message });
    try {
      const result = await judgeFold(run, device, index, folds);
      if (!result) break;
      results.push(result);
    } catch (error) {
      if (error instanceof DistilleryError && error.code === 'CANCELLED') break;
      if (!(error instanceof BadInputError)) throw error;
      const [problem] = error.problems;
      run.onEvent({
        kind: 'warning',
        problem: {
          where: 'folds',
          message: `Part ${index + 1} of ${folds} cannot be judged on: ${problem?.message ?? error.message}`,
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
async function judgeFold(run: Run, device: DeviceName, index: number, count: number): Promise<FoldResult | undefined> {
  const { baseDirectory, signal, folder } = run;
  const dataset: Experiment['dataset'] = { ...run.experiment.dataset, ...foldOf(index, count) };
  const experiment = { ...run.experiment, dataset };
  const prepared = await preflight({ ...run.written, dataset }, { baseDirectory, signal, onProgress: () => undefined });
  const fold: Run = { ...run, experiment, prepared: { ...prepared, objective: run.prepared.objective } };
  const enlarging = run.journal.enlargement;
  const enlargedData = enlarging ? (await enlarged(fold, enlarging)).prepared.dataset : prepared.dataset;
  const taughtOn: Run = { ...fold, prepared: { ...fold.prepared, dataset: enlargedData } };
  const during = (network: Trained): Run => ({
    ...(network === 'teacher' ? fold : taughtOn),
    onEvent: tellProgress(run, index, network),
  });
  const file = (network: Trained): string => join(folder.file('repeats'), `${network}-fold-${index + 1}.onnx`);
  const options: EvaluationOptions = { signal, onProgress: () => undefined };
  let taught: Taught | undefined;
  try {
    const teachers = await obtainTeachers(during('teacher'), device, file('teacher'));
    const teacher = teachers && (await evaluateOnTest('teacher', teachers.members, prepared.dataset, options));
    taught = teachers && (await teachStage(during('student'), teachers, device));
    const features = await studentMaterial(during('student'), device);
    const { material } = features;
    const judge = async (
      network: 'student' | 'baseline',
      finished: FinishedTraining,
    ): Promise<TestQuality | undefined> => {
      if (finished.endedBy === 'stopped') return undefined;
      const isMatched = prepared.dataset.task.kind === 'matching';
      const outputs = isMatched && teacher ? { teacherOutputs: teacher.said.outputs } : {};
      return qualityOf(
        (await evaluateFile(network, file(network), prepared.dataset, { ...options, ...outputs })).metrics,
      );
    };
    try {
      const student = await judge(
        'student',
        await trainStudent(during('student'), device, material, taught, file('student')),
      );
      if (!student) return undefined;
      const trained =
        taught && experiment.baseline
          ? await trainBaseline(during('baseline'), device, material, taught, {
              student: file('student'),
              baseline: file('baseline'),
            })
          : undefined;
      const baseline = trained && (await judge('baseline', trained));
      if (trained && !baseline) return undefined;
      const files = { student: file('student'), baseline: file('baseline') };
      const isGivenUp = baseline && run.journal.choice && !(await endsWithTaught(taughtOn, taught, files));
      return {
        fold: index + 1,
        training: prepared.dataset.training.count,
        test: prepared.dataset.test.count,
        student: isGivenUp ? baseline : student,
        baseline: baseline ?? null,
        teacher: teacher ? qualityOf(teacher.metrics) : null,
      };
    } finally {
      await features.dispose();
    }
  } finally {
    await taught?.dispose();
    await prepared.dataset.dispose();
  }
}

/** What of the dataset's options is a fold's own; no file can say it. */
function foldOf(index: number, count: number): object {
  return { fold: { index, count } };
}

/** What a fold's trainings tell of themselves: how far all folds are, and what went wrong. */
function tellProgress({ experiment, onEvent }: Run, index: number, network: Trained): (event: RunEvent) => void {
  const trained: readonly Trained[] = [
    ...(teacherToTrain(experiment) ? (['teacher'] as const) : []),
    'student',
    ...(experiment.teacher !== null && experiment.baseline ? (['baseline'] as const) : []),
  ];
  const total = trained.length * (experiment.folds ?? 1);
  const before = index * trained.length + Math.max(0, trained.indexOf(network));
  return (event) => {
    if (event.kind === 'warning') onEvent(event);
    if (event.kind === 'step' && event.network === network) {
      onEvent({ kind: 'progress', phase: 'folds', done: before + event.step / event.steps, total });
    }
  };
}

function qualityOf({ accuracy, errors, loss }: SplitMetrics): TestQuality {
  return { accuracy, errors, loss };
}
