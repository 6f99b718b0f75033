import { join } from 'node:path';
import type { Fold } from '../../data/splits/divideFold.ts';
import {
  evaluateFile,
  evaluateOnTest,
  type EvaluatedNetwork,
  type EvaluationOptions,
} from '../../evaluation/evaluateNetwork.ts';
import { teacherToTrain } from '../../experiment/networkToTrain.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { makeFolder } from '../../platform/makeFolder.ts';
import { preflight } from '../../preflight/preflight.ts';
import type { DeviceName, RunEvent } from '../../protocol/events.ts';
import type { CrossFittedTeacher } from '../../report/choice.ts';
import type { Enlargement } from '../../report/enlargement.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import type { Run } from '../run.ts';
import { trainBaseline } from './baselineStage.ts';
import { crossFitTeacher } from './crossFitting/crossFitTeacher.ts';
import { enlarged } from './enlarge/enlargeStage.ts';
import { studentMaterial, trainStudent } from './studentStage.ts';
import { obtainTeachers, teachStage, type Taught } from './teacherStage.ts';

/** Networks that a fold trains, in their order; `others` are those that teach in the teacher's place (cross-fitting), all together. */
export type FoldNetwork = 'teacher' | 'others' | 'student' | 'baseline';

/** A fold that was trained on, and what its networks say of what it set aside. */
export interface TrainedFold {
  /** The run on the fold's data, whose test is what the fold set aside. */
  readonly run: Run;
  readonly taught: Taught | undefined;
  readonly files: { readonly student: string; readonly baseline: string };
  readonly teacher: EvaluatedNetwork | undefined;
  readonly student: EvaluatedNetwork;
  readonly baseline: EvaluatedNetwork | undefined;
}

/**
 * Divides the data anew and trains student, baseline and a teacher that is to be trained on what a fold leaves; each is judged on what the fold
 * set aside.
 *
 * @param run with its objective chosen
 * @param training the fold, how its networks are called, who hears of them, and how long each may be, where it may not be as long as the run's
 * @param use is given what was trained, which is disposed of afterwards
 * @returns undefined when the run was stopped
 */
export async function trainFold<Result>(
  run: Run,
  device: DeviceName,
  training: {
    readonly fold: Fold;
    readonly name: (network: FoldNetwork) => string;
    readonly tell: (network: FoldNetwork, event: RunEvent) => void;
    readonly maxSteps?: number | undefined;
  },
  use: (trained: TrainedFold) => Promise<Result>,
): Promise<Result | undefined> {
  const { baseDirectory, signal, folder } = run;
  await makeFolder(folder.file('repeats'));
  const dataset: Experiment['dataset'] = { ...run.experiment.dataset, ...foldOf(training.fold) };
  const { maxSteps } = training;
  const shorter = maxSteps !== undefined && { maxSteps };
  const experiment = { ...run.experiment, dataset, training: { ...run.experiment.training, ...shorter } };
  const written = { ...run.written, dataset, training: { ...run.written.training, ...shorter } };
  const prepared = await preflight(written, { baseDirectory, signal, onProgress: () => undefined });
  const fold: Run = { ...run, experiment, written, prepared: { ...prepared, objective: run.prepared.objective } };
  const enlarging = enlargementFor(run, maxSteps);
  const enlargedData = enlarging ? (await enlarged(fold, enlarging)).prepared.dataset : prepared.dataset;
  const taughtOn: Run = { ...fold, prepared: { ...fold.prepared, dataset: enlargedData } };
  const during = (network: FoldNetwork): Run => ({
    ...(network === 'teacher' ? fold : taughtOn),
    onEvent: (event) => {
      training.tell(network, event);
    },
  });
  const file = (network: FoldNetwork): string => join(folder.file('repeats'), `${training.name(network)}.onnx`);
  const files = { student: file('student'), baseline: file('baseline') };
  const options: EvaluationOptions = { signal, onProgress: () => undefined };
  let taught: Taught | undefined;
  try {
    const teachers = await obtainTeachers(during('teacher'), device, file('teacher'));
    const teacher = teachers && (await evaluateOnTest('teacher', teachers.members, prepared.dataset, options));
    // Shorter trainings are there to compare what is learned, and to be done soon.
    const crossFitted =
      teachers && maxSteps === undefined
        ? await crossFitTeacher(during('others'), device, teachers, file('teacher'))
        : undefined;
    taught = teachers && (await teachStage(during('student'), teachers, device, crossFitted));
    const features = await studentMaterial(during('student'), device);
    const { material } = features;
    const judge = async (
      network: 'student' | 'baseline',
      finished: FinishedTraining,
    ): Promise<EvaluatedNetwork | undefined> => {
      if (finished.endedBy === 'stopped') return undefined;
      const isMatched = prepared.dataset.task.kind === 'matching';
      const outputs = isMatched && teacher ? { teacherOutputs: teacher.said.outputs } : {};
      return evaluateFile(network, files[network], prepared.dataset, { ...options, ...outputs });
    };
    try {
      const student = await judge(
        'student',
        await trainStudent(during('student'), device, material, taught, files.student),
      );
      if (!student) return undefined;
      const trained =
        taught && experiment.baseline
          ? await trainBaseline(during('baseline'), device, material, taught, files)
          : undefined;
      const baseline = trained && (await judge('baseline', trained));
      if (trained && !baseline) return undefined;
      return await use({ run: taughtOn, taught, files, teacher, student, baseline });
    } finally {
      await features.dispose();
    }
  } finally {
    await taught?.dispose();
    await prepared.dataset.dispose();
  }
}

/** What the run's transfer set is enlarged by; no more of it than a shorter training sees. */
function enlargementFor({ journal, experiment }: Run, maxSteps: number | undefined): Enlargement | undefined {
  const { enlargement } = journal;
  if (!enlargement || maxSteps === undefined) return enlargement;
  const seen = maxSteps * experiment.training.batchSize;
  const { rows, views } = enlargement;
  return {
    ...enlargement,
    rows: rows === null ? null : Math.min(rows, seen),
    ...(views !== undefined && { views: Math.min(views, maxSteps) }),
  };
}

/** What of the dataset's options is a fold's own; no file can say it. */
function foldOf(fold: Fold): object {
  return { fold };
}

/**
 * Tells how far the trainings of all folds are together, and what went wrong.
 * @param crossFitted of the run, where others teach in the teacher's place
 */
export function foldProgress(
  { experiment, onEvent }: Run,
  { index, count }: Fold,
  crossFitted?: CrossFittedTeacher,
): (network: FoldNetwork, event: RunEvent) => void {
  const trained: readonly FoldNetwork[] = [
    ...(teacherToTrain(experiment) ? (['teacher'] as const) : []),
    ...(crossFitted ? (['others'] as const) : []),
    'student',
    ...(experiment.teacher !== null && experiment.baseline ? (['baseline'] as const) : []),
  ];
  const total = trained.length * count;
  return (network, event) => {
    if (event.kind === 'warning' || (event.kind === 'note' && network === 'others')) onEvent(event);
    const share = shareOf(network, event);
    if (share === undefined || !trained.includes(network)) return;
    const done = index * trained.length + trained.indexOf(network) + share;
    onEvent({ kind: 'progress', phase: 'folds', done, total });
  };
}

/** How much of a fold's training is done when it tells of itself; undefined for what tells nothing of that. */
function shareOf(network: FoldNetwork, event: RunEvent): number | undefined {
  if (network === 'others') return event.kind === 'progress' ? event.done / event.total : undefined;
  return event.kind === 'step' && event.network === network ? event.step / event.steps : undefined;
}
