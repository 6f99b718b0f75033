import type { Experiment } from '../experiment/schema.ts';
import { teachersAtSites, teacherToTrain } from '../experiment/networkToTrain.ts';

/** What a task does; what its command is called with. */
export const taskNames = ['run', 'teacher', 'site', 'trial', 'label', 'gather', 'worker', 'merge', 'repeat'] as const;
export type TaskName = (typeof taskNames)[number];

/** A job of a submission. */
export interface PlannedJob {
  readonly task: TaskName;
  /** How many tasks it is, numbered from 0; undefined for one alone. */
  readonly tasks: number | undefined;
  /** Of a training in rounds, counted from 0. */
  readonly round?: number | undefined;
  /** Whether a GPU is of no use to it. */
  readonly isLight?: boolean;
}

/** What decides the jobs beside the experiment. */
export interface PlanOptions {
  /** In how many parts the outputs of teachers are computed; 0 for none. */
  readonly labelShards: number;
  /** Of a training in rounds: how many, and by how many workers; null for another. */
  readonly rounds: { readonly rounds: number; readonly workers: number } | null;
}

/** The jobs that an experiment becomes. Each begins when the one before it has ended well. */
export function planJobs(experiment: Experiment, { labelShards, rounds }: PlanOptions): readonly PlannedJob[] {
  const labelling: readonly PlannedJob[] =
    labelShards === 0
      ? []
      : [
          { task: 'label', tasks: labelShards },
          { task: 'gather', tasks: undefined, isLight: true },
        ];
  if (experiment.search) {
    const teacher: readonly PlannedJob[] = teacherToTrain(experiment) ? [{ task: 'teacher', tasks: undefined }] : [];
    return [...labelling, ...teacher, { task: 'trial', tasks: experiment.search.trials }];
  }
  const inRounds = Array.from({ length: rounds?.rounds ?? 0 }, (_, round): readonly PlannedJob[] => [
    { task: 'worker', tasks: rounds?.workers, round },
    { task: 'merge', tasks: undefined, round },
  ]).flat();
  // A teacher that the run trains first is met nowhere else, and an objective that it chooses neither.
  const repeats: readonly PlannedJob[] =
    experiment.repeats > 1 && whatPartsLack(experiment) === undefined
      ? [{ task: 'repeat', tasks: experiment.repeats - 1 }]
      : [];
  const sites = teachersAtSites(experiment)?.sites.length;
  const teaching: readonly PlannedJob[] = sites === undefined ? [] : [{ task: 'site', tasks: sites }];
  return [...labelling, ...teaching, ...repeats, ...inRounds, { task: 'run', tasks: undefined }];
}

/** Why no other process can do a part of a run: what the run itself finds out first; undefined where one can. */
export function whatPartsLack(experiment: Experiment): string | undefined {
  if (teacherToTrain(experiment)) return 'the teacher is trained first';
  const { objective } = experiment;
  return experiment.teacher && (objective === undefined || objective === 'auto')
    ? 'the objective is chosen first'
    : undefined;
}

/** Such as `worker-3`. */
export function jobName({ task, round }: Pick<PlannedJob, 'task' | 'round'>): string {
  return round === undefined ? task : `${task}-${round}`;
}

/** What a task calls Distillery with. */
export function taskCommand(folder: string, { task, round }: Pick<PlannedJob, 'task' | 'round'>): readonly string[] {
  return ['task', folder, '--do', task, ...(round === undefined ? [] : ['--round', String(round)])];
}
