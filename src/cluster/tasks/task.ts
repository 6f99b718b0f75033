import type { TaskName } from '../plan.ts';
import type { Slurm } from '../slurm/slurm.ts';

/** How a task ended: with all that it was to do, or stopped, so that it can be started anew. */
export type TaskEnd = 'finished' | 'stopped';

export interface TaskOptions {
  readonly folder: string;
  readonly task: TaskName;
  /** Its number in its array, from 0. */
  readonly index: number;
  /** Of a training in rounds, counted from 0. */
  readonly round: number;
  /** Folder that relative paths of the experiment start from, where it is another than that of the submission. */
  readonly directory?: string | undefined;
  readonly slurm: Slurm;
  readonly signal: AbortSignal;
  /** Told in lines, which become the log of the task. */
  readonly tell: (line: string) => void;
}
