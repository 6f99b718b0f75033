import { DistilleryError } from '../../errors.ts';
import { runProgram, type ProgramResult, type RunProgram } from '../../platform/processes/runProgram.ts';
import { parseSacct, parseScontrol, SACCT_FIELDS, type JobState } from './parseJobs.ts';

/** Slurm, by its own programs: every site has these, whatever else it lets its people use. */
export class Slurm {
  readonly #run: RunProgram;

  constructor(run: RunProgram = runProgram) {
    this.#run = run;
  }

  /**
   * Hands a script in.
   * @param after numbers of jobs that have to end well before it begins
   * @returns the number of the job
   * @throws DistilleryError `BAD_INPUT` with Slurm's words when it refuses, `UNSUPPORTED` where there is no Slurm
   */
  async submit(script: string, after: readonly string[]): Promise<string> {
    const dependency =
      after.length === 0 ? [] : [`--dependency=afterok:${after.join(':')}`, '--kill-on-invalid-dep=yes'];
    const result = await this.#ask('sbatch', ['--parsable', ...dependency, script]);
    const id = /^(\d+)(;\S+)?$/m.exec(result.out)?.[1];
    if (result.code !== 0 || id === undefined) throw refusal('sbatch', result);
    return id;
  }

  /** Ends jobs, whether they wait or run. What is over already is no error. @throws DistilleryError when Slurm refuses */
  async cancel(jobs: readonly string[]): Promise<void> {
    if (jobs.length === 0) return;
    const result = await this.#ask('scancel', jobs);
    if (result.code !== 0 && !isUnknownJob(result)) throw refusal('scancel', result);
  }

  /**
   * Puts a job back into the queue, which ends the processes that it has.
   * @throws DistilleryError when Slurm refuses
   */
  async requeue(job: string): Promise<void> {
    const result = await this.#ask('scontrol', ['requeue', job]);
    if (result.code !== 0) throw refusal('scontrol', result);
  }

  /**
   * What Slurm knows of a job, a line for each task of an array that has begun and one for those that wait; empty where it knows no
   * more of it. Jobs that ended long ago are known only where accounting is on.
   */
  async statesOf(job: string): Promise<readonly JobState[]> {
    const shown = await this.#ask('scontrol', ['show', 'job', '--oneliner', job]);
    if (shown.code === 0) return parseScontrol(shown.out);
    if (!isUnknownJob(shown)) throw refusal('scontrol', shown);
    const args = ['--jobs', job, '--allocations', '--noheader', '--parsable2', `--format=${SACCT_FIELDS}`];
    const accounted = await this.#ask('sacct', args).catch(() => undefined);
    return accounted?.code === 0 ? parseSacct(accounted.out) : [];
  }

  async #ask(program: string, args: readonly string[]): Promise<ProgramResult> {
    try {
      return await this.#run(program, args);
    } catch (cause) {
      throw new DistilleryError('UNSUPPORTED', `There is no Slurm here: '${program}' cannot be started.`, {
        cause,
        hint: 'Run this on a login node of the cluster, or name one with --host USER@LOGIN:/SHARED/FOLDER.',
      });
    }
  }
}

function isUnknownJob({ error }: ProgramResult): boolean {
  return /invalid job id/i.test(error);
}

/** In Slurm's words: its people know them. */
function refusal(program: string, { error, out, code }: ProgramResult): DistilleryError {
  const said = (error.trim() || out.trim() || `exit code ${code}`)
    .split('\n')
    .map((line) => line.replace(/^\w+: (error: )?/, ''));
  return new DistilleryError('BAD_INPUT', `Slurm refuses (${program}): ${said.join('; ').replace(/\.*$/, '')}.`);
}
