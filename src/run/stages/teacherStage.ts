import { openDataset } from '../../data/openDataset.ts';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import type { Problem } from '../../errors.ts';
import { measureOutputs } from '../../evaluation/measureOutputs.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { formatBytes } from '../../report/format.ts';
import type { CrossFittedTeacher } from '../../report/choice.ts';
import { CrossFittedTeaching, type CrossFitted } from '../../teacher/crossFittedTeaching.ts';
import { digestOnce } from '../../teacher/cache/digestOnce.ts';
import { teach, type Teachers } from '../../teacher/teach.ts';
import type { BatchAugmentation } from '../../training/augmentation/batchAugmentation.ts';
import type { Teaching } from '../../training/batchFeeder.ts';
import { batchAugmentationOf } from '../../preflight/batchAugmentationOf.ts';
import type { Run } from '../run.ts';
import { openOutputCache, outputFolderOf } from '../../preflight/teacherOutputs/cacheOfRun.ts';
import { heldOutputBytes, storedOutputs } from '../../preflight/teacherOutputs/outputBytes.ts';
import { outputLimits } from '../../preflight/teacherOutputs/outputLimits.ts';
import { teachersAtSites, teacherToTrain } from '../../experiment/networkToTrain.ts';
import { tellLateFindings } from '../tellLateFindings.ts';
import { gatherSites } from './sites/gatherSites.ts';
import { trainTeacher } from './trainTeacher.ts';
import { truthOf } from '../../data/truth.ts';
import { planAsking } from '../../preflight/teacherOutputs/planAsking.ts';

/** The teachers, what they make of the transfer set, and how long that took. The run disposes of it. */
export interface Taught {
  readonly teachers: Teachers;
  readonly teaching: Teaching;
  /** Whether the teachers are asked about every batch, and not once about every sample. */
  readonly isAskedAnew: boolean;
  /** How the samples are changed before the teachers see them, if they are. */
  readonly batchAugmentation: BatchAugmentation | undefined;
  /** Their logits together for the validation split. */
  readonly validation: Float32Array;
  /** How right those are that have not learned what they teach, where others than the teachers say it. */
  readonly crossFitted: CrossFittedTeacher | undefined;
  readonly seconds: number;
  dispose(): Promise<void>;
}

/**
 * The teachers that exist, or one that is trained now, on the labels of the whole training split, or what those at sites say; undefined
 * without a teacher.
 *
 * @param file where a teacher that is trained is written
 */
export async function obtainTeachers(
  run: Run,
  device: DeviceName,
  file = run.folder.file('teacher'),
): Promise<Teachers | undefined> {
  const { experiment, prepared, baseDirectory, signal } = run;
  if (teachersAtSites(experiment)) return gatherSites(run, device);
  const teacher = teacherToTrain(experiment);
  if (!teacher) return prepared.teachers;
  const dataset = await openDataset(
    { ...experiment.dataset, limit: undefined, exclude: undefined, unlabelled: undefined, synthesize: undefined },
    { baseDirectory, seed: experiment.training.seed, signal },
  );
  tellLateFindings(run, dataset);
  try {
    run.onEvent({ kind: 'phase', phase: 'train-teacher', message: 'Trains the teacher' });
    return { members: [{ model: await trainTeacher(run, device, { teacher, dataset, file }), weight: 1 }] };
  } finally {
    await dataset.dispose();
  }
}

/**
 * Runs the teachers once over the transfer set and, for the line in the charts, over the validation split; or reads what they
 * said in an earlier run.
 *
 * @param crossFitted what teachers say of samples that they have not learned, in place of one that has
 */
export async function teachStage(
  run: Run,
  teachers: Teachers,
  device: DeviceName,
  crossFitted?: CrossFitted,
): Promise<Taught> {
  const { objective } = run.prepared;
  const dataset = transferSet(run.prepared.dataset);
  const { training } = run.experiment;
  const folder = outputFolderOf(run);
  const cache = folder === undefined ? undefined : openOutputCache(run, folder, 'outputs of the teacher');
  const batchAugmentation = batchAugmentationOf(run.experiment);
  const room = await outputLimits(folder, run.memory);
  const asking = planAsking(run, teachers, room);
  const isAskedAnew = asking.kind === 'every-step';
  if (isAskedAnew && (!batchAugmentation || batchAugmentation.views !== undefined)) {
    run.onEvent({ kind: 'warning', problem: tooMuchToHold(heldOutputBytes(run, teachers), room.memory) });
  }
  const isFiled = !isAskedAnew && asking.held === 'on-disk';
  const kept = cache
    ? ` (${formatBytes(storedOutputs(run, teachers, asking).reduce((sum, { bytes }) => sum + bytes, 0))} on the disk), unless an earlier run has`
    : '';
  const filed = isFiled ? '; they are read from there as they are needed' : '';
  run.onEvent({ kind: 'phase', phase: 'teacher-outputs', message: `Computes the teacher's outputs${kept}${filed}` });
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
  const { validation } = splits;
  const teaching = crossFitted ? new CrossFittedTeaching(splits.teaching, crossFitted) : splits.teaching;
  const judged = measureOutputs(dataset.task, validation, await truthOf(dataset.validation, dataset.sampleShape), {
    outputs: 'logits',
    teacherOutputs: validation,
  });
  run.onEvent({ kind: 'teacher', validation: { accuracy: judged.accuracy, loss: judged.loss } });
  const seconds = (performance.now() - start) / 1000;
  return {
    teachers,
    teaching,
    isAskedAnew,
    batchAugmentation,
    validation,
    crossFitted: crossFitted?.told,
    seconds,
    dispose: () => splits.dispose(),
  };
}

function tooMuchToHold(bytes: number, memory: number): Problem {
  return {
    where: 'cache',
    message: `What the teacher says of the training samples would take ${formatBytes(bytes)} of memory, more than the ${formatBytes(memory)} that it may; so the teacher is asked at every step.`,
    hint: 'Keep them on a disk with room for them (cache), compare fewer or smaller values inside the teacher, or keep fewer classes (cache.topK) or views.',
  };
}
