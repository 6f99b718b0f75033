import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DistilleryError } from '../errors.ts';
import type { Experiment } from '../experiment/schema.ts';
import { teacherToTrain } from '../experiment/networkToTrain.ts';
import { resumeRun } from '../run/resumeRun.ts';
import { runExperiment, type RunOptions } from '../run/runExperiment.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { omit } from './omit.ts';
import type { Space } from './space/parameter.ts';

/** Parts of an experiment on which a teacher that is trained first depends. */
const OF_TEACHER: ReadonlySet<string | number> = new Set(['teacher', 'dataset', 'engine']);

/** The experiment that trains the teacher of a search once, as its student, for all trials; undefined where none can be shared. */
export function sharedTeacher(experiment: Experiment, space: Space): unknown {
  const teacher = teacherToTrain(experiment);
  if (!teacher || space.some(({ path: [part = ''] }) => OF_TEACHER.has(part))) return undefined;
  const { training, crossFit, ...network } = teacher;
  // Trials that are given its file have no teachers that have not learned what they teach.
  if (typeof crossFit === 'number') return undefined;
  // What matches a teacher that exists to the data is no field of a student.
  const student = omit<Record<string, unknown>, string>({ ...network }, 'output', 'normalization', 'classes');
  const dataset = omit(experiment.dataset, 'limit', 'exclude');
  return {
    name: 'teacher',
    teacher: null,
    dataset,
    student,
    training: { ...experiment.training, ...training },
    ...(experiment.augmentation && { augmentation: experiment.augmentation }),
    baseline: false,
    engine: experiment.engine,
    device: experiment.device,
  };
}

/**
 * Trains the teacher that all trials share, unless that was done, and returns its file.
 * @throws DistilleryError `CANCELLED` when it was stopped
 */
export async function trainSharedTeacher(experiment: unknown, options: RunOptions): Promise<string> {
  const { folder } = options;
  const file = join(folder, runFiles.student);
  if (existsSync(join(folder, runFiles.report)) && !existsSync(join(folder, runFiles.checkpoint))) return file;
  const result = existsSync(join(folder, runFiles.checkpoint))
    ? await resumeRun(options)
    : await runExperiment(experiment, options);
  if (result.state === 'cancelled') throw new DistilleryError('CANCELLED', 'Stopped while the teacher was trained.');
  return file;
}
