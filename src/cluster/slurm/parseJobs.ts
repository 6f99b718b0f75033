/** What Slurm says of a job, or of one task of an array. */
export interface JobState {
  /** As a person names it to Slurm: `1234`, `1234_5`, or `1234_[6-19]` for tasks that have not begun. */
  readonly id: string;
  /** In Slurm's words, such as `PENDING`, `RUNNING`, `COMPLETED`. */
  readonly state: string;
  /** Why it is so, in Slurm's words; undefined where there is nothing to say. */
  readonly reason: string | undefined;
  /** Where it runs or ran. */
  readonly nodes: string | undefined;
  readonly restarts: number;
  /** Exit code; undefined where it has none. */
  readonly exitCode: number | undefined;
}

/** States of jobs that will do no more; what Slurm has forgotten is over, too. */
const OVER: ReadonlySet<string> = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'REVOKED',
  'TIMEOUT',
]);

/** Whether a job does no more, whatever comes. */
export function isOver({ state }: Pick<JobState, 'state'>): boolean {
  return OVER.has(state);
}

/** Whether a process of the job may be alive at the moment. */
export function mayRun({ state }: Pick<JobState, 'state'>): boolean {
  return !isOver({ state }) && !['PENDING', 'REQUEUED', 'REQUEUE_HOLD', 'SPECIAL_EXIT', 'PREEMPTED'].includes(state);
}

/** Reads what `scontrol show job --oneliner` prints: a line for each job. */
export function parseScontrol(text: string): readonly JobState[] {
  return text.split('\n').flatMap((line): readonly JobState[] => {
    const fields = new Map(
      [...line.matchAll(/(?:^|\s)([A-Z][\w:/]*)=(\S*)/g)].map(([, name = '', value = '']) => [name, value] as const),
    );
    const job = fields.get('JobId');
    const state = fields.get('JobState');
    if (job === undefined || state === undefined) return [];
    const [array, task] = [fields.get('ArrayJobId'), fields.get('ArrayTaskId')];
    const isWaitingPart = task !== undefined && !/^\d+$/.test(task);
    return [
      {
        id: array === undefined || task === undefined ? job : `${array}_${isWaitingPart ? `[${task}]` : task}`,
        state,
        reason: meaningful(fields.get('Reason')),
        nodes: meaningful(fields.get('NodeList')),
        restarts: Number(fields.get('Restarts') ?? 0),
        exitCode: isOver({ state }) ? exitCodeOf(fields.get('ExitCode')) : undefined,
      },
    ];
  });
}

/** Reads what `sacct --parsable2 --noheader --format=${SACCT_FIELDS}` prints. */
export function parseSacct(text: string): readonly JobState[] {
  return text.split('\n').flatMap((line): readonly JobState[] => {
    const [id = '', state = '', reason, nodes, restarts, exitCode] = line.split('|');
    // Steps of a job have a point in their number.
    if (id === '' || id.includes('.')) return [];
    return [
      {
        id,
        // 'CANCELLED by 1000'
        state: state.split(' ')[0] ?? state,
        reason: meaningful(reason),
        nodes: meaningful(nodes),
        restarts: Number(restarts ?? 0) || 0,
        exitCode: exitCodeOf(exitCode),
      },
    ];
  });
}

/** The fields of `sacct` that `parseSacct` reads; every version since 17 has them. */
export const SACCT_FIELDS = 'JobID,State,Reason,NodeList,Restarts,ExitCode';

function meaningful(text: string | undefined): string | undefined {
  return text === undefined || ['', 'None', '(null)', 'None assigned', '*'].includes(text) ? undefined : text;
}

/** `143:0` is exit code and signal. */
function exitCodeOf(text: string | undefined): number | undefined {
  const found = /^(\d+):(\d+)$/.exec(text ?? '');
  if (!found) return undefined;
  const [code, signal] = [Number(found[1]), Number(found[2])];
  return signal > 0 ? 128 + signal : code;
}
