import { openDataset } from '../data/openDataset.ts';
import { DistilleryError, type Problem } from '../errors.ts';
import { judge } from '../evaluation/judge.ts';
import type { DeviceName, Phase } from '../protocol/events.ts';
import { formatBytes } from '../protocol/format.ts';
import { digestOnce } from '../teacher/cache/digestOnce.ts';
import { teach, type Teachers } from '../teacher/teach.ts';
import type { Alteration } from '../training/alteration.ts';
import type { Teaching } from '../training/batchFeeder.ts';
import { loadNetwork } from '../training/engines/networkFile.ts';
import { alterationOf } from './alteration.ts';
import { labelsAlone } from './chooseObjective.ts';
import type { Run } from './distill.ts';
import { openOutputCache, outputFolderOf } from './outputCache.ts';
import { heldOutputBytes, storedOutputs } from './outputSizes.ts';
import { roomForOutputs } from './roomForOutputs.ts';
import { featureStage } from './featureStage.ts';
import { buildInitialNetwork } from './initialNetwork.ts';
import { lessonOf } from './lesson.ts';
import { networkFormOf } from './networkForm.ts';
import { teacherToTrain } from './networkToTrain.ts';
import { trainingSchema } from './schema/training.ts';
import { tellLateFindings } from './tellLateFindings.ts';
import { commonStage, trainStage } from './trainStage.ts';
import { truthOf } from './truth.ts';
import { whenToAsk } from './whenToAsk.ts';

/** The teachers, what they make of the transfer set, and how long that took. The run disposes of it. */
export interface Taught {
  readonly teachers: Teachers;
  readonly teaching: Teaching;
  /** How the samples are changed before the teachers see them, if they are. */
  readonly alteration: Alteration | undefined;
  /** Their logits together for the validation split. */
  readonly validation: Float32Array;
  readonly seconds: number;
  dispose(): Promise<void>;
}

/**
 * The teachers that exist, or one that is trained now, on the labels of the whole training split; undefined without a
 * teacher.
 */
export async function obtainTeachers(run: Run, device: DeviceName): Promise<Teachers | undefined> {
  const { experiment, prepared, folder, baseDirectory, signal, onEvent } = run;
  const teacher = teacherToTrain(experiment);
  if (!teacher) return prepared.teachers;
  const dataset = await openDataset(
    { ...experiment.dataset, limit: undefined, exclude: undefined },
    { baseDirectory, seed: experiment.training.seed, signal },
  );
  tellLateFindings(run, dataset);
  try {
    const options = trainingSchema.parse({ ...experiment.training, ...teacher.training });
    const form = networkFormOf(dataset, prepared.outputShape);
    const initial = buildInitialNetwork(teacher, {
      form,
      role: 'teacher',
      seed: options.seed,
      model: prepared.teacherModel?.proto,
    });
    const features = await featureStage(run, device, { network: initial, file: prepared.teacherModel }, dataset);
    const { material } = features;
    onEvent({ kind: 'phase', phase: 'train-teacher', message: 'Trains the teacher' });
    try {
      const trained = await trainStage({
        ...(await commonStage(run, device, dataset)),
        network: 'teacher',
        initial,
        dataset: material,
        lesson: lessonOf(material, prepared.outputShape, labelsAlone(dataset.task.kind)),
        options,
        // Features are computed once, of the samples as they are; views are for outputs, which a teacher has none of yet.
        alteration: initial.front ? undefined : withoutViews(alterationOf(experiment)),
        file: folder.file('teacher'),
      });
      if (trained.endedBy === 'stopped') throw new DistilleryError('CANCELLED', 'Stopped.');
    } finally {
      await features.dispose();
    }
  } finally {
    await dataset.dispose();
  }
  const { sampleShape } = prepared.dataset;
  const output = 'output' in teacher ? teacher.output : undefined;
  const model = await loadNetwork(folder.file('teacher'), { sampleShape, ...(output !== undefined && { output }) });
  return { members: [{ model, weight: 1 }] };
}

/**
 * Runs the teachers once over the transfer set and, for the line in the charts, over the validation split; or reads what they
 * said in an earlier run.
 */
export async function teachStage(run: Run, teachers: Teachers, device: DeviceName): Promise<Taught> {
  const { dataset, objective } = run.prepared;
  const { training } = run.experiment;
  let phase: Phase = 'teacher-outputs';
  const folder = outputFolderOf(run);
  const cache =
    folder === undefined
      ? undefined
      : openOutputCache(run, folder, { what: 'outputs of the teacher', phase: () => phase });
  const alteration = alterationOf(run.experiment);
  const room = await roomForOutputs(folder, run.memory);
  const asking = whenToAsk(run, teachers, room);
  const isAskedAnew = asking.kind === 'every-step';
  if (isAskedAnew && (!alteration || alteration.views !== undefined)) {
    run.onEvent({ kind: 'warning', problem: tooMuchToHold(heldOutputBytes(run, teachers), room.memory) });
  }
  const isFiled = !isAskedAnew && asking.held === 'on-disk';
  const kept = cache
    ? ` (${formatBytes(storedOutputs(run, teachers, asking).reduce((sum, { bytes }) => sum + bytes, 0))} on the disk), unless an earlier run has`
    : '';
  const filed = isFiled ? '; they are read from there as they are needed' : '';
  run.onEvent({ kind: 'phase', phase, message: `Computes the teacher's outputs${kept}${filed}` });
  // Whoever teaches, the metadata of every network name the data by their hashes: they are no time of the teachers.
  for (const split of [dataset.training, dataset.validation]) await digestOnce(split, dataset.sampleShape, run.signal);
  const start = performance.now();
  const splits = await teach(teachers, {
    dataset,
    objective,
    device,
    seed: training.seed,
    asking,
    topK: run.experiment.cache.topK,
    cache: cache && { outputs: cache, datasetPath: run.experiment.dataset.path },
    signal: run.signal,
    onProgress: (done, total) => {
      run.onEvent({ kind: 'progress', phase: 'teacher-outputs', done, total });
    },
  });
  // What is computed from now on is computed beside the first epoch.
  phase = 'student';
  const { teaching, validation } = splits;
  const judged = judge(dataset.task, validation, await truthOf(dataset.validation, dataset.sampleShape), {
    outputs: 'logits',
    teacherOutputs: validation,
  });
  run.onEvent({ kind: 'teacher', validation: { accuracy: judged.accuracy, loss: judged.loss } });
  const seconds = (performance.now() - start) / 1000;
  return { teachers, teaching, alteration, validation, seconds, dispose: () => splits.dispose() };
}

function withoutViews(alteration: Alteration | undefined): Alteration | undefined {
  return alteration && { ...alteration, views: undefined };
}

function tooMuchToHold(bytes: number, memory: number): Problem {
  return {
    where: 'cache',
    message: `What the teacher says of the training samples would take ${formatBytes(bytes)} of memory, more than the ${formatBytes(memory)} that it may; so the teacher is asked at every step.`,
    hint: 'Keep them on a disk with room for them (cache), compare fewer or smaller values inside the teacher, or keep fewer classes (cache.topK) or views.',
  };
}
