import { DistilleryError } from '../errors.ts';
import { openDataset } from '../data/openDataset.ts';
import { classificationMetrics } from '../evaluation/metrics.ts';
import { needsTeacher, type ObjectiveTerm } from '../objectives/buildObjective.ts';
import type { DeviceName, RunEvent } from '../protocol/events.ts';
import { formatCount } from '../protocol/format.ts';
import { estimateNetwork } from '../students/estimate.ts';
import type { InitialNetwork } from '../students/initialNetwork.ts';
import { computeTeacherLogits } from '../teacher/outputs.ts';
import { loadClassifier, openClassifier, type Classifier } from '../training/engines/classifier.ts';
import { chooseDevice } from '../training/engines/devices.ts';
import type { TrainedNetwork } from '../training/trainNetwork.ts';
import { buildInitialNetwork } from './initialNetwork.ts';
import type { Prepared } from './preflight.ts';
import { evaluateNetworks, writeReport } from './reportStage.ts';
import type { RunFolder } from './runFolder.ts';
import type { RunResult } from './runResult.ts';
import { trainingSchema, type Experiment } from './schema.ts';
import { trainStage, type TrainStageOptions } from './trainStage.ts';

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

/** The teacher, its outputs for the transfer set, and how long they took. */
export interface TaughtLogits {
  readonly classifier: Classifier;
  readonly logits: Float32Array;
  readonly seconds: number;
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
    const classifier = await obtainTeacher(run, device);
    const taught = classifier && (await teach(run, classifier, device));
    const student = await trainStudent(run, device, taught);
    if (student.trained.stopped) return { state: 'cancelled' };
    // Evaluated before the baseline, so that stopping the baseline leaves a report at once.
    const evaluated = await evaluateNetworks(run, classifier);
    const baseline =
      taught && run.experiment.baseline ? await trainBaseline(run, device, taught.classifier) : undefined;
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

/** The teacher that exists, or one that is trained now on the whole training split. */
async function obtainTeacher(run: Run, device: DeviceName): Promise<Classifier | undefined> {
  const { experiment, prepared, folder, baseDirectory, signal, onEvent } = run;
  const { teacher } = experiment;
  if (!teacher || 'model' in teacher) return prepared.teacher;
  onEvent({ kind: 'phase', phase: 'train-teacher', message: 'Trains the teacher' });
  const dataset = await openDataset(
    { ...experiment.dataset, limit: undefined },
    { baseDirectory, seed: experiment.training.seed, signal },
  );
  try {
    const options = trainingSchema.parse({ ...experiment.training, ...teacher.training });
    const { trained } = await timed(() =>
      trainStage({
        ...commonStage(run, device),
        network: 'teacher',
        initial: buildInitialNetwork(teacher, { dataset, seed: options.seed }),
        dataset,
        objective: [{ loss: 'labels', weight: 1 }],
        options,
        file: folder.file('teacher'),
      }),
    );
    if (trained.stopped) throw new DistilleryError('CANCELLED', 'Stopped.');
  } finally {
    await dataset.dispose();
  }
  return loadClassifier(folder.file('teacher'));
}

/** Runs the teacher once over the transfer set and, for the line in the charts, over the validation split. */
async function teach(run: Run, classifier: Classifier, device: DeviceName): Promise<TaughtLogits> {
  const { dataset } = run.prepared;
  run.onEvent({ kind: 'phase', phase: 'teacher-outputs', message: "Computes the teacher's outputs" });
  const start = performance.now();
  const predictor = await openClassifier(classifier, device);
  const total = dataset.training.count + dataset.validation.count;
  const options = (before: number) => ({
    signal: run.signal,
    onProgress: (done: number) => {
      run.onEvent({ kind: 'progress', phase: 'teacher-outputs', done: before + done, total });
    },
  });
  try {
    const { training, validation } = dataset;
    const logits = await computeTeacherLogits(predictor, training, classifier.classes, options(0));
    const judged = await computeTeacherLogits(predictor, validation, classifier.classes, options(training.count));
    const { accuracy, loss } = classificationMetrics(judged, validation.labels, classifier.classes, {
      outputs: 'logits',
    });
    run.onEvent({ kind: 'teacher', validation: { accuracy, loss } });
    return { classifier, logits, seconds: (performance.now() - start) / 1000 };
  } finally {
    await predictor.dispose();
  }
}

async function trainStudent(run: Run, device: DeviceName, taught: TaughtLogits | undefined): Promise<Timed> {
  const { experiment, prepared, folder } = run;
  const initial = buildInitialStudent(run, taught?.classifier);
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
      ...(taught && { teacherLogits: taught.logits }),
      objective: experiment.objective,
      options: experiment.training,
      file: folder.file('student'),
    }),
  );
}

/** Trains the same student from the same initial weights on the labels alone. */
async function trainBaseline(run: Run, device: DeviceName, teacher: Classifier): Promise<Timed> {
  const { experiment, prepared, folder } = run;
  run.onEvent({ kind: 'phase', phase: 'baseline', message: 'Trains the same student without the teacher' });
  return timed(() =>
    trainStage({
      ...commonStage(run, device),
      network: 'baseline',
      initial: buildInitialStudent(run, teacher),
      dataset: prepared.dataset,
      objective: withoutTeacher(experiment.objective),
      options: experiment.training,
      file: folder.file('baseline'),
    }),
  );
}

/** The student with its first weights; every call makes the same one. */
function buildInitialStudent({ experiment, prepared }: Run, teacher: Classifier | undefined): InitialNetwork {
  const { dataset, studentModel } = prepared;
  return buildInitialNetwork(experiment.student, {
    dataset,
    seed: experiment.training.seed,
    model: studentModel?.proto,
    teacher: teacher?.file.proto,
  });
}

/** The objective of the baseline: the terms that need no teacher, or else plain cross-entropy, at full weight. */
function withoutTeacher(objective: readonly ObjectiveTerm[]): ObjectiveTerm[] {
  const kept = objective.filter((term) => !needsTeacher(term) && term.weight > 0);
  const total = kept.reduce((sum, term) => sum + term.weight, 0);
  return total > 0 ? kept.map((term) => ({ ...term, weight: term.weight / total })) : [{ loss: 'labels', weight: 1 }];
}

function commonStage(
  { id, experiment, signal, onEvent }: Run,
  device: DeviceName,
): Pick<TrainStageOptions, 'engine' | 'device' | 'signal' | 'onEvent' | 'metadata'> {
  return { engine: experiment.engine, device, signal, onEvent, metadata: { 'distillery.run': id } };
}

async function timed(work: () => Promise<TrainedNetwork>): Promise<Timed> {
  const start = performance.now();
  const trained = await work();
  return { trained, seconds: (performance.now() - start) / 1000 };
}
