import { parse } from 'node:path';
import { DistilleryError } from '../../errors.ts';
import { classShares } from '../../data/targets.ts';
import { classesOf } from '../../data/task.ts';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import { featurePairsOf, needsTeacher } from '../../objectives/objectiveTerm.ts';
import { dimensionsOf } from '../../onnx/graph.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { formatCount } from '../../report/format.ts';
import { estimateNetwork } from '../../students/estimate.ts';
import { wholeGraph, type InitialNetwork } from '../../students/initialNetwork.ts';
import type { Teachers } from '../../teacher/teach.ts';
import type { BatchAugmentation } from '../../training/augmentation/batchAugmentation.ts';
import type { NetworkFile } from '../../training/engines/networkFile.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { batchAugmentationOf } from '../../preflight/batchAugmentationOf.ts';
import { labelsOfStudent } from './epochByParts/planParts.ts';
import { withRegressors } from './addRegressors.ts';
import type { Run } from '../run.ts';
import { featureStage, type OwnedMaterial, type TrainingMaterial } from './featureStage.ts';
import { labelledShare } from './labelledShare.ts';
import { buildInitialNetwork } from '../../preflight/networks/buildInitialNetwork.ts';
import { trainingTaskOf } from '../../preflight/networks/trainingTaskOf.ts';
import { networkFormOf } from '../../preflight/networks/networkFormOf.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import { withRounds } from './roundsStage.ts';
import type { Taught } from './teacherStage.ts';
import { commonStage, trainStage } from './trainStage.ts';

/** What the student is trained on; its baseline has the labelled samples among it. The caller disposes of it. */
export async function studentMaterial(run: Run, device: DeviceName): Promise<OwnedMaterial> {
  const { experiment, prepared } = run;
  const { studentModel: file } = prepared;
  const dataset = transferSet(prepared.dataset);
  if (!('extractor' in experiment.student)) return { material: dataset, dispose: () => Promise.resolve() };
  return featureStage(run, device, { network: buildInitialStudent(run, undefined), file }, dataset);
}

/** Trains the student: distils it, or without a teacher trains it on the labels. @param file where it is written */
export async function trainStudent(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught | undefined,
  file: string,
): Promise<FinishedTraining> {
  const { experiment, prepared } = run;
  const initial = buildInitialStudent(run, taught?.teachers);
  const trainingTask = studentTrainingTask(run, material, taught);
  const isDistilled = trainingTask.objective.some(needsTeacher);
  const message = `${isDistilled ? 'Distils' : 'Trains'} the student (${describeSize(initial)})`;
  run.onEvent({ kind: 'phase', phase: 'student', message });
  const teaching = isDistilled ? taught?.teaching : undefined;
  // Rows that were made are there for the teacher to label; nothing else is learned from them.
  const labelled = isDistilled ? undefined : labelledShare(prepared.dataset, material, initial.estimator !== undefined);
  const { objective } = trainingTask;
  const batchAugmentation = studentAlteration(run, taught, isDistilled);
  const isAskedAnew = isDistilled && taught?.isAskedAnew === true;
  const partedLabels = labelsOfStudent(run, { material, graph: initial.graph, batchAugmentation, isAskedAnew });
  const roundsMaterial = {
    name: parse(file).name,
    training: labelled ?? material.training,
    teaching,
    objective,
    teachers: taught?.teachers,
    device,
  };
  return withRounds(run, roundsMaterial, async (rounds) =>
    trainStage({
      ...(await commonStage(run, device, prepared.dataset, taught?.teachers)),
      network: 'student' as const,
      rounds,
      verifiedOn: prepared.dataset,
      initial,
      trained: withRegressors(buildInitialStudent(run, taught?.teachers), trainingTask, experiment.training.seed),
      dataset: material,
      trainingTask,
      ...(labelled && { training: labelled }),
      teaching,
      teacherValidation: taught?.validation,
      options: experiment.training,
      batchAugmentation,
      partedLabels,
      excluded: experiment.dataset.exclude,
      opset: experiment.export.opset,
      file,
    }),
  );
}

/** How large a network is; how large trees become, nobody knows before. */
function describeSize(initial: InitialNetwork): string {
  if (initial.estimator) return initial.estimator.architecture;
  const { parameters, macs } = estimateNetwork(wholeGraph(initial));
  return `${formatCount(parameters)} parameters, ${formatCount(macs)} MACs`;
}

/**
 * How samples are changed. The views that the teachers were asked about stay what they are for further seeds. Images that are blended
 * because the teachers tell what blends show are not blended for who learns from the labels alone, and does better without.
 */
export function studentAlteration(
  { experiment, written }: Run,
  taught: Taught | undefined,
  isDistilled: boolean,
): BatchAugmentation | undefined {
  const asked = taught?.batchAugmentation;
  const alteration = asked?.views === undefined ? batchAugmentationOf(experiment) : asked;
  const isBlendedForTeachers = written.augmentation === undefined && !isDistilled;
  return alteration && isBlendedForTeachers ? { ...alteration, mixing: {} } : alteration;
}

/** What the student is taught, by whom. */
export function studentTrainingTask(
  { prepared }: Run,
  material: TrainingMaterial,
  taught: Taught | undefined,
): TrainingTask {
  const { objective, outputShape } = prepared;
  const trainingTask = {
    ...trainingTaskOf(material, outputShape, objective),
    unlabelled: prepared.dataset.unlabelled !== undefined,
  };
  if (!taught) return trainingTask;
  const { members, said } = taught.teachers;
  if (said) return trainingTask;
  const features = objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher);
  return {
    ...trainingTask,
    teacherWeights: members.map(({ weight }) => weight),
    teacherFeatures: new Map(features.map((name) => [name, featureShape(members[0]?.model, name)])),
  };
}

/** Dimensions of a value inside a teacher for one sample. */
function featureShape(model: NetworkFile | undefined, name: string): readonly number[] {
  const value = model?.graph.find(name);
  if (!value) throw new DistilleryError('BAD_INPUT', `The teacher has no value named '${name}'.`);
  return dimensionsOf(value).slice(1);
}

/** The student with its first weights; every call makes the same one. */
export function buildInitialStudent(
  { experiment, prepared, importance }: Run,
  teachers: Teachers | undefined,
): InitialNetwork {
  const { dataset, studentModel, outputShape } = prepared;
  return buildInitialNetwork(experiment.student, {
    form: networkFormOf(dataset, outputShape),
    role: 'student',
    seed: experiment.training.seed,
    model: studentModel?.proto,
    teacher: teachers?.members[0]?.model.file.proto,
    importance,
    shares: classShares(dataset.training.targets, classesOf(dataset.task).length),
  });
}
