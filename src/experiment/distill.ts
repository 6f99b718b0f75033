import { DistilleryError } from '../errors.ts';
import { featurePairsOf } from '../objectives/objectiveTerm.ts';
import { dimensionsOf } from '../onnx/graph.ts';
import type { DeviceName, RunEvent } from '../protocol/events.ts';
import { formatCount } from '../protocol/format.ts';
import { estimateNetwork } from '../students/estimate.ts';
import type { InitialNetwork } from '../students/initialNetwork.ts';
import type { Teachers } from '../teacher/teach.ts';
import { chooseDevice } from '../training/engines/devices.ts';
import type { NetworkFile } from '../training/engines/networkFile.ts';
import type { Lesson } from '../training/lesson.ts';
import type { TrainedNetwork } from '../training/trainNetwork.ts';
import { withoutTeacher } from './chooseObjective.ts';
import { buildInitialNetwork } from './initialNetwork.ts';
import { lessonOf } from './lesson.ts';
import { networkFormOf } from './networkForm.ts';
import type { Prepared } from './preflight.ts';
import { evaluateNetworks, writeReport } from './reportStage.ts';
import type { RunFolder } from './runFolder.ts';
import type { RunResult } from './runResult.ts';
import type { Experiment } from './schema.ts';
import { obtainTeachers, teachStage, type Taught } from './teacherStage.ts';
import { commonStage, trainStage } from './trainStage.ts';

/** A run whose input was checked and whose folder exists. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly experiment: Experiment;
  readonly prepared: Prepared;
  readonly folder: RunFolder;
  readonly baseDirectory: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** A trained network and how long it took. */
export interface Timed {
  readonly trained: TrainedNetwork;
  readonly seconds: number;
}

/**
 * The stages of a run: device, teacher, its outputs, student, baseline, evaluation, report. Returns as soon as a stage
 * was stopped.
 */
export async function distill(run: Run): Promise<RunResult> {
  const start = performance.now();
  try {
    const device = await announceDevice(run);
    const teachers = await obtainTeachers(run, device);
    const taught = teachers && (await teachStage(run, teachers, device));
    const student = await trainStudent(run, device, taught);
    if (student.trained.stopped) return { state: 'cancelled' };
    // Evaluated before the baseline, so that stopping the baseline leaves a report at once.
    const evaluated = await evaluateNetworks(run, teachers);
    const baseline = taught && run.experiment.baseline ? await trainBaseline(run, device, taught) : undefined;
    const seconds = {
      teacherOutputs: taught?.seconds ?? 0,
      student: student.seconds,
      baseline: baseline?.seconds ?? 0,
    };
    const report = await writeReport(run, {
      device,
      evaluated,
      student: student.trained,
      baseline: baseline?.trained,
      seconds,
      start,
    });
    return { state: report.partial ? 'cancelled' : 'finished', report };
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'CANCELLED') return { state: 'cancelled' };
    throw error;
  }
}

async function announceDevice({ experiment, onEvent }: Run): Promise<DeviceName> {
  const { device, message, fellBack } =
    experiment.engine === 'tensorflow'
      ? { device: 'cpu' as const, message: 'Trains with TensorFlow on the CPU.', fellBack: false }
      : await chooseDevice(experiment.device);
  onEvent({ kind: 'device', device, requested: experiment.device, message });
  if (fellBack) {
    onEvent({
      kind: 'warning',
      problem: { where: 'device', message: `'${experiment.device}' does not work here. ${message}` },
    });
  }
  return device;
}

async function trainStudent(run: Run, device: DeviceName, taught: Taught | undefined): Promise<Timed> {
  const { experiment, prepared, folder } = run;
  const initial = buildInitialStudent(run, taught?.teachers);
  const { parameters, macs } = estimateNetwork(initial.graph);
  const cost = `${formatCount(parameters)} parameters, ${formatCount(macs)} MACs`;
  const message = `${taught ? 'Distils' : 'Trains'} the student (${cost})`;
  run.onEvent({ kind: 'phase', phase: 'student', message });
  return timed(() =>
    trainStage({
      ...commonStage(run, device),
      network: 'student',
      initial,
      dataset: prepared.dataset,
      lesson: studentLesson(run, taught),
      teaching: taught?.teaching,
      teacherValidation: taught?.validation,
      options: experiment.training,
      file: folder.file('student'),
    }),
  );
}

/** Trains the same student from the same initial weights on the labels alone. */
async function trainBaseline(run: Run, device: DeviceName, taught: Taught): Promise<Timed | undefined> {
  const { experiment, prepared, folder } = run;
  const { dataset, objective, outputShape } = prepared;
  const alone = withoutTeacher(objective, dataset.task.kind);
  if (alone.length === 0) return undefined;
  run.onEvent({ kind: 'phase', phase: 'baseline', message: 'Trains the same student without the teacher' });
  return timed(() =>
    trainStage({
      ...commonStage(run, device),
      network: 'baseline',
      initial: buildInitialStudent(run, taught.teachers),
      dataset,
      lesson: lessonOf(dataset, outputShape, alone),
      options: experiment.training,
      file: folder.file('baseline'),
    }),
  );
}

/** What the student is taught, by whom. */
function studentLesson({ prepared }: Run, taught: Taught | undefined): Lesson {
  const { dataset, objective, outputShape } = prepared;
  const lesson = lessonOf(dataset, outputShape, objective);
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
function buildInitialStudent({ experiment, prepared }: Run, teachers: Teachers | undefined): InitialNetwork {
  const { dataset, studentModel, outputShape } = prepared;
  return buildInitialNetwork(experiment.student, {
    form: networkFormOf(dataset, outputShape),
    seed: experiment.training.seed,
    model: studentModel?.proto,
    teacher: teachers?.members[0]?.model.file.proto,
  });
}

async function timed(work: () => Promise<TrainedNetwork>): Promise<Timed> {
  const start = performance.now();
  const trained = await work();
  return { trained, seconds: (performance.now() - start) / 1000 };
}
