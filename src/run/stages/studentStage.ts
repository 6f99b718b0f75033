import { DistilleryError } from '../errors.ts';
import { featurePairsOf } from '../objectives/objectiveTerm.ts';
import { dimensionsOf } from '../onnx/graph.ts';
import type { DeviceName } from '../protocol/events.ts';
import { formatCount } from '../protocol/format.ts';
import { estimateNetwork } from '../students/estimate.ts';
import { wholeGraph, type InitialNetwork } from '../students/initialNetwork.ts';
import type { Teachers } from '../teacher/teach.ts';
import type { Alteration } from '../training/alteration.ts';
import type { NetworkFile } from '../training/engines/networkFile.ts';
import type { Lesson } from '../training/lesson.ts';
import { alterationOf } from './alteration.ts';
import { withRegressors } from './addRegressors.ts';
import { withoutTeacher } from './chooseObjective.ts';
import type { Run } from './distill.ts';
import { featureStage, type OwnedMaterial, type TrainingMaterial } from './featureStage.ts';
import { buildInitialNetwork } from './initialNetwork.ts';
import { lessonOf } from './lesson.ts';
import { networkFormOf } from './networkForm.ts';
import type { FinishedTraining } from './storedProgress.ts';
import type { Taught } from './teacherStage.ts';
import { commonStage, trainStage } from './trainStage.ts';

/** What the student and its baseline are trained on. The caller disposes of it. */
export async function studentMaterial(run: Run, device: DeviceName): Promise<OwnedMaterial> {
  const { experiment, prepared } = run;
  const { dataset, studentModel: file } = prepared;
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
  const lesson = studentLesson(run, material, taught);
  const { parameters, macs } = estimateNetwork(wholeGraph(initial));
  const cost = `${formatCount(parameters)} parameters, ${formatCount(macs)} MACs`;
  const message = `${taught ? 'Distils' : 'Trains'} the student (${cost})`;
  run.onEvent({ kind: 'phase', phase: 'student', message });
  return trainStage({
    ...(await commonStage(run, device, prepared.dataset, taught?.teachers)),
    network: 'student',
    verifiedOn: prepared.dataset,
    initial,
    trained: withRegressors(buildInitialStudent(run, taught?.teachers), lesson, experiment.training.seed),
    dataset: material,
    lesson,
    teaching: taught?.teaching,
    teacherValidation: taught?.validation,
    options: experiment.training,
    alteration: studentAlteration(run, taught),
    excluded: experiment.dataset.exclude,
    opset: experiment.export.opset,
    file,
  });
}

/** Trains the same student from the same initial weights on the labels alone; undefined where there are no labels. */
export async function trainBaseline(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught,
  file: string,
): Promise<FinishedTraining | undefined> {
  const { experiment, prepared } = run;
  const { objective, outputShape } = prepared;
  const alone = withoutTeacher(objective, material.task.kind);
  if (alone.length === 0) return undefined;
  run.onEvent({ kind: 'phase', phase: 'baseline', message: 'Trains the same student without the teacher' });
  return trainStage({
    ...(await commonStage(run, device, prepared.dataset)),
    network: 'baseline',
    initial: buildInitialStudent(run, taught.teachers),
    dataset: material,
    lesson: lessonOf(material, outputShape, alone),
    options: experiment.training,
    alteration: studentAlteration(run, taught),
    excluded: experiment.dataset.exclude,
    opset: experiment.export.opset,
    file,
  });
}

/** How samples are changed. The views that the teachers were asked about stay what they are for further seeds. */
function studentAlteration({ experiment }: Run, taught: Taught | undefined): Alteration | undefined {
  const asked = taught?.alteration;
  return asked?.views === undefined ? alterationOf(experiment) : asked;
}

/** What the student is taught, by whom. */
function studentLesson({ prepared }: Run, material: TrainingMaterial, taught: Taught | undefined): Lesson {
  const { objective, outputShape } = prepared;
  const lesson = lessonOf(material, outputShape, objective);
  if (!taught) return lesson;
  const { members } = taught.teachers;
  const features = objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher);
  return {
    ...lesson,
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
  });
}
