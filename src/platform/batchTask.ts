/** The task of a batch system that this process is. */
export interface BatchTask {
  /** Which task, such as `slurm:1234_5`: the same however often the system starts it anew. */
  readonly id: string;
  /** Its number in its array; undefined for a task that is alone. */
  readonly index: number | undefined;
}

/** How the name of a task of Slurm begins, before the number that Slurm knows it by. */
export const SLURM_TASK = 'slurm:';

/**
 * The task that this process is, as the environment says that Slurm, or Kubernetes for an Indexed Job, gives it; undefined outside of
 * one. A task runs once at a time: what it left on another machine is of an earlier start of it, which is over.
 */
export function batchTaskOf(environment: NodeJS.ProcessEnv = process.env): BatchTask | undefined {
  const { SLURM_JOB_ID: job, SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: index } = environment;
  if (isNumber(job)) {
    if (isNumber(array) && isNumber(index)) return { id: `${SLURM_TASK}${array}_${index}`, index: Number(index) };
    return { id: `${SLURM_TASK}${job}`, index: undefined };
  }
  const { JOB_COMPLETION_INDEX: completion, DISTILLERY_JOB: name } = environment;
  if (!isNumber(completion) || name === undefined) return undefined;
  return { id: `kubernetes:${name}_${completion}`, index: Number(completion) };
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}
