import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BadInputError, DistilleryError, type Problem } from '../errors.ts';
import { transferSet } from '../data/unlabelled/transferSet.ts';
import { parseExperiment } from '../experiment/parseExperiment.ts';
import { teachersAtSites, teacherToTrain } from '../experiment/networkToTrain.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { SlurmSettings } from '../experiment/schema/runner.ts';
import { terminalWord } from '../platform/shellWord.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { prepareRun } from '../run/runExperiment.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { standingOf } from '../runFolder/standing.ts';
import { prepareSearch } from '../search/runSearch.ts';
import { plannedRounds } from '../training/rounds/trainInRounds.ts';
import { writeQueued } from './queuedStatus.ts';
import { jobName, planJobs, taskCommand, whatPartsLack, type PlannedJob } from './plan.ts';
import { batchScript } from './slurm/batchScript.ts';
import { isOver } from './slurm/parseJobs.ts';
import type { Slurm } from './slurm/slurm.ts';
import { siteFileName } from '../run/stages/sites/teachAtSite.ts';
import { CLUSTER_FOLDER, findSubmission, writeSubmission, type Submission } from './submission.ts';

export interface SubmitOptions {
  /** Folder of the run, or of the search. */
  readonly folder: string;
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  readonly cacheFolder: string;
  readonly settings: SlurmSettings;
  /** Command that starts Distillery on a node. */
  readonly program: readonly string[];
  /** In how many parts the outputs of teachers are computed before anything is trained; 0 leaves them to the run. */
  readonly labelShards: number;
  readonly slurm: Slurm;
  readonly signal: AbortSignal;
}

/**
 * Checks an experiment as `distillery run` does, writes what its tasks need into its folder, and hands the jobs in.
 *
 * @param experiment contents of the experiment file, without the section `runner`
 * @throws BadInputError with every problem of the experiment, before anything is written
 * @throws DistilleryError `BAD_INPUT` when Slurm refuses, or the folder is of a submission that is not over; nothing stays in the queue, and no folder that was not there before
 */
export async function submit(
  experiment: Readonly<Record<string, unknown>>,
  options: SubmitOptions,
): Promise<Submission> {
  const { folder, slurm } = options;
  await refuseUnfinished(folder, experiment, slurm);
  refuseAbsentSites(parseExperiment(experiment), options);
  const isNew = !existsSync(folder);
  const { jobs, submission: first, parsed } = await prepareSubmission(experiment, options);
  const submitted: Submission['jobs'] = [];
  try {
    const scripts = scriptsOf(jobs, parsed, options);
    for (const { path, text } of scripts) await writeAtomically(path, text);
    for (const [index, { path }] of scripts.entries()) {
      const id = await slurm.submit(
        path,
        submitted.slice(-1).map((job) => job.id),
      );
      const job = jobs[index];
      submitted.push({ id, name: job ? jobName(job) : '', tasks: job?.tasks ?? null });
    }
  } catch (error) {
    // What comes after it would wait for ever.
    await slurm.cancel(submitted.map(({ id }) => id));
    if (isNew) await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const submission = { ...first, jobs: submitted };
  await writeSubmission(folder, submission);
  if (!parsed.search && standingOf(folder) === 'new') await queueRun(experiment, submission, folder);
  return submission;
}

/**
 * Checks an experiment and writes what its tasks need into its folder, for whatever starts them.
 * @throws BadInputError with every problem of the experiment, before anything is written
 */
export async function prepareSubmission(
  experiment: Readonly<Record<string, unknown>>,
  options: Omit<SubmitOptions, 'slurm' | 'program'>,
): Promise<{ readonly jobs: readonly PlannedJob[]; readonly submission: Submission; readonly parsed: Experiment }> {
  const { folder } = options;
  const parsed = parseExperiment(experiment);
  const rounds = await checkSubmission(experiment, parsed, options);
  const submission = { ...begun(experiment, parsed, options), rounds, jobs: [] };
  await mkdir(join(folder, CLUSTER_FOLDER), { recursive: true });
  await writeSubmission(folder, submission);
  return { jobs: planJobs(parsed, submission), submission, parsed };
}

/** The scripts of the jobs, without writing or handing in anything. */
export function scriptsOf(
  jobs: readonly PlannedJob[],
  experiment: Pick<Experiment, 'name'>,
  {
    folder,
    baseDirectory,
    settings,
    program,
  }: Pick<SubmitOptions, 'folder' | 'baseDirectory' | 'settings' | 'program'>,
): readonly { readonly path: string; readonly text: string }[] {
  const cluster = join(folder, CLUSTER_FOLDER);
  return jobs.map(({ task, tasks, round, isLight = false }) => {
    const name = jobName({ task, round });
    return {
      path: join(cluster, `${name}.sh`),
      text: batchScript({
        name: `${experiment.name ?? basename(folder)}:${name}`,
        settings: isLight ? { ...settings, gpus: undefined } : settings,
        directory: baseDirectory,
        log: join(cluster, tasks === undefined ? `${name}-%j.log` : `${name}-%A_%a.log`),
        tasks,
        command: [...(settings.program ?? program), ...taskCommand(folder, { task, round })],
      }),
    };
  });
}

function begun(
  experiment: Readonly<Record<string, unknown>>,
  { name, search }: Experiment,
  { folder, baseDirectory, cacheFolder, settings, labelShards }: Omit<SubmitOptions, 'slurm' | 'program'>,
): Omit<Submission, 'jobs' | 'rounds'> {
  return {
    version: 1,
    kind: search ? 'search' : 'run',
    name: name ?? basename(folder),
    submittedAt: new Date().toISOString(),
    baseDirectory,
    cacheFolder,
    settings,
    experiment,
    labelShards,
  };
}

/**
 * On the machine that submits, so that nobody waits in a queue for a sentence that could be said at once.
 *
 * @returns of a training in rounds, how many there are
 * @throws BadInputError with every problem
 */
export async function checkSubmission(
  experiment: unknown,
  parsed: Experiment,
  { baseDirectory, labelShards, signal }: Pick<SubmitOptions, 'baseDirectory' | 'labelShards' | 'signal'>,
): Promise<Submission['rounds']> {
  refuseParts(parsed, labelShards);
  if (parsed.search) {
    await prepareSearch(experiment, { baseDirectory, signal });
    return null;
  }
  const { dataset, experiment: settled } = await prepareRun(parsed, {
    baseDirectory,
    signal,
    isSiteHere: (site) => siteIsHere(parsed, site, baseDirectory),
    onEvent: () => undefined,
  });
  await dataset.dispose();
  if (!parsed.rounds) return null;
  const { sites, workers = sites?.length ?? 1, localSteps } = parsed.rounds;
  const samples = transferSet(dataset).training.count;
  return { workers, rounds: plannedRounds(settled.training, { workers, samples, localSteps }).rounds };
}

/** Whether what a site has can be opened from this machine. */
function siteIsHere(experiment: Experiment, site: number, baseDirectory: string): boolean {
  const path = teachersAtSites(experiment)?.sites[site]?.dataset.path ?? '';
  return path.startsWith('builtin:') || existsSync(resolve(baseDirectory, path));
}

/** A site that the cluster does not reach has to have done its task: nobody waits in a queue for what does not come. */
function refuseAbsentSites(experiment: Experiment, { folder, baseDirectory }: SubmitOptions): void {
  const { sites = [] } = teachersAtSites(experiment) ?? {};
  const problems = [...sites.keys()].flatMap((site): readonly Problem[] => {
    const outputs = join(folder, CLUSTER_FOLDER, runFiles.sites, siteFileName(site));
    if (siteIsHere(experiment, site, baseDirectory) || existsSync(outputs)) return [];
    return [
      {
        where: `teacher.sites[${site}].dataset.path`,
        message: `is not on this machine, and what the site says of the public samples is not in '${outputs}' yet`,
        hint: `With \`--print ray --out ${terminalWord(folder)}\` the folder is prepared. Copy its cluster/ to the site, have \`distillery task FOLDER --do site --index ${site} --directory DIR\` write the file there, copy it back, and submit with the same --out.`,
      },
    ];
  });
  if (problems.length > 0) throw new BadInputError(problems);
}

function refuseParts(experiment: Experiment, labelShards: number): void {
  const problems: Problem[] = [];
  const isAtSites = teachersAtSites(experiment) !== undefined;
  if (labelShards > 0 && (!experiment.teacher || teacherToTrain(experiment) || isAtSites)) {
    const message = isAtSites
      ? 'each site labels the samples in a task of its own'
      : experiment.teacher
        ? 'the teacher is trained first, so that it cannot be asked before the run'
        : 'there is no teacher to be asked';
    const hint = 'Leave it out, or name a teacher that exists (teacher.model).';
    problems.push({ where: '--label-shards', message, hint });
  }
  const lacks = whatPartsLack(experiment);
  if (experiment.rounds && lacks !== undefined) {
    const hint = 'Name a teacher that exists (teacher.model) and an objective.';
    problems.push({ where: 'rounds', message: `cannot be shared among tasks: ${lacks}`, hint });
  }
  if (problems.length > 0) throw new BadInputError(problems);
}

/** A folder whose jobs are over may be handed in again: what is done in it is not repeated. */
async function refuseUnfinished(folder: string, experiment: unknown, slurm: Slurm): Promise<void> {
  const before = await findSubmission(folder);
  if (!before) return;
  if (JSON.stringify(before.experiment) !== JSON.stringify(experiment)) {
    throw new DistilleryError('BAD_INPUT', `'${folder}' holds the submission of another experiment.`, {
      hint: 'Name another folder with --out.',
    });
  }
  for (const { id } of before.jobs) {
    if ((await slurm.statesOf(id)).every(isOver)) continue;
    throw new DistilleryError('BAD_INPUT', `Slurm's job ${id} is still at '${folder}'.`, {
      hint: `Wait for it, end it with \`distillery cancel ${terminalWord(folder)}\`, or name another folder with --out.`,
    });
  }
}

/** So that views show the run before a node takes it up. */
async function queueRun(experiment: unknown, submission: Submission, folder: string): Promise<void> {
  await writeAtomically(join(folder, runFiles.experiment), `${JSON.stringify(experiment, null, 2)}\n`);
  const job = submission.jobs.at(-1);
  if (job) await writeQueued(folder, submission, { engine: 'slurm', job: job.id, state: 'PENDING' });
}
