import { shuffledBatches } from '../data/batches.ts';
import { openDataset } from '../data/openDataset.ts';
import { DistilleryError } from '../errors.ts';
import { judge } from '../evaluation/judge.ts';
import type { DeviceName, Phase } from '../protocol/events.ts';
import { formatBytes } from '../protocol/format.ts';
import type { Asking } from '../teacher/openSource.ts';
import { teach, type Teachers } from '../teacher/teach.ts';
import type { Alteration } from '../training/alteration.ts';
import type { Teaching } from '../training/batchFeeder.ts';
import { loadNetwork } from '../training/engines/networkFile.ts';
import { alterationOf } from './alteration.ts';
import { labelsAlone } from './chooseObjective.ts';
import type { Run } from './distill.ts';
import { outputCacheOf, storedOutputBytes } from './outputCache.ts';
import { featureStage } from './featureStage.ts';
import { buildInitialNetwork } from './initialNetwork.ts';
import { lessonOf } from './lesson.ts';
import { networkFormOf } from './networkForm.ts';
import { teacherToTrain } from './networkToTrain.ts';
import { trainingSchema } from './schema/training.ts';
import { tellLateFindings } from './tellLateFindings.ts';
import { commonStage, orderOfSamples, trainStage } from './trainStage.ts';
import { truthOf } from './truth.ts';

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
    const material = await featureStage(run, device, initial, dataset);
    onEvent({ kind: 'phase', phase: 'train-teacher', message: 'Trains the teacher' });
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
  const cache = outputCacheOf(run, () => phase);
  const kept = cache
    ? ` (${formatBytes(storedOutputBytes(run, teachers))} on the disk), unless an earlier run has`
    : '';
  run.onEvent({ kind: 'phase', phase, message: `Computes the teacher's outputs${kept}` });
  const start = performance.now();
  const alteration = alterationOf(run.experiment);
  const splits = await teach(teachers, {
    dataset,
    objective,
    device,
    seed: training.seed,
    asking: whenToAsk(run, alteration),
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

/** When the teachers are asked about the training split. */
function whenToAsk({ experiment, prepared }: Run, alteration: Alteration | undefined): Asking {
  const { batchSize, seed } = experiment.training;
  const batchesOf = (epoch: number): readonly Int32Array[] => {
    const random = orderOfSamples(seed);
    let batches: Int32Array[] = [];
    for (let drawn = 0; drawn < epoch; drawn++) {
      batches = [...shuffledBatches(prepared.dataset.training.count, batchSize, random)];
    }
    return batches;
  };
  if (alteration?.views !== undefined) return { kind: 'views', batchesOf, alteration, views: alteration.views };
  if (alteration) return { kind: 'every-step', batchSize };
  // The student on an extractor sees its features in place of the samples.
  return 'extractor' in experiment.student ? { kind: 'beforehand' } : { kind: 'first-epoch', batchesOf };
}
