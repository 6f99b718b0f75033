import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { parseExperiment } from '../../experiment/parseExperiment.ts';
import { readExperimentFile } from '../../experiment/readExperimentFile.ts';
import { planJobs } from '../../cluster/plan.ts';
import { printKubernetes } from '../../cluster/print/kubernetes.ts';
import { printRay } from '../../cluster/print/ray.ts';
import { copyBack, copyThere, filesToCopy } from '../../cluster/remote.ts';
import { settingsOf } from '../../cluster/slurm/settings.ts';
import { Slurm } from '../../cluster/slurm/slurm.ts';
import { checkSubmission, prepareSubmission, scriptsOf, submit, type SubmitOptions } from '../../cluster/submit.ts';
import { terminalWord } from '../../platform/shellWord.ts';
import { newRunId } from '../../runFolder/runId.ts';
import { existingFile, oneOf, unwritable, wholeNumber } from '../checks.ts';
import { jsonOption, type Command, type GivenArguments, type OptionDefinition } from '../command.ts';
import { followJobs } from '../followJobs.ts';
import { ownProgram } from '../ownProgram.ts';
import { exitCode, type Terminal } from '../terminal.ts';
import { usualCacheFolder } from './cacheCommand.ts';
import { hostOf, hostOptions, optionsToPassOn, passOn } from './hostOption.ts';

const printed = ['slurm', 'kubernetes', 'ray'] as const;

const slurmOptions: readonly OptionDefinition[] = [
  { name: 'partition', value: 'NAME', description: 'Partition of Slurm.' },
  { name: 'account', value: 'NAME', description: 'Account that the time is charged to.' },
  { name: 'qos', value: 'NAME', description: 'Quality of service.' },
  { name: 'constraint', value: 'FEATURES', description: 'Features that a node must have.' },
  { name: 'gpus', value: 'N', description: "GPUs of a task: a number, or with their kind, such as 'a100:2'." },
  { name: 'cpus', value: 'N', description: 'Processor cores of a task.', check: wholeNumber(1, 1_000_000) },
  { name: 'mem', value: 'SIZE', description: "Memory of a task, such as '16G'." },
  {
    name: 'time',
    value: 'TIME',
    description: "Longest time of a task, such as '4:00:00'; what needs longer goes on in another turn.",
  },
  {
    name: 'array-limit',
    value: 'N',
    description:
      'Tasks at once, at most; 8 unless told. Of a search, the trials at once, which are part of what decides them.',
    check: wholeNumber(1, 1_000_000),
  },
];

/** `distillery submit FILE` */
export const submitCommand: Command = {
  name: 'submit',
  summary: 'Hand an experiment, or the search in it, to a cluster (Slurm), and return.',
  details:
    'What is not said here is taken from the section "runner": { "slurm": { … } } of the file. The run folder, on a file system that all\n' +
    'nodes see, has the scripts and what the tasks print, in cluster/, and everything that a run leaves. Submitted once more with the\n' +
    "same --out, what was stopped goes on. 'distillery jobs' tells how it goes, 'distillery cancel' ends it.\n" +
    'Ends with 0 when it was handed in, or with --follow has finished, 2 when the input must be mended, and 1 when it fails.',
  operand: { name: 'FILE', isRequired: true, description: 'Experiment file (*.distill.json).', check: existingFile },
  options: [
    ...slurmOptions,
    {
      name: 'label-shards',
      value: 'N',
      description: 'Compute what the teachers say of all samples first, in an array of so many tasks.',
      check: wholeNumber(1, 100_000),
    },
    {
      name: 'out',
      value: 'DIR',
      description: 'Folder instead of .distillery/runs/… or .distillery/searches/….',
      check: (value, directory) => unwritable(resolve(directory, value)),
    },
    { name: 'follow', description: 'Wait for the end and tell how it goes; Ctrl-C leaves it to the cluster.' },
    {
      name: 'print',
      value: 'KIND',
      description: `Hand nothing in, and print it instead: ${printed.join(', ')}.`,
      check: oneOf('something that can be printed', printed),
    },
    ...hostOptions,
    jsonOption,
  ],
  run: async (given, terminal) => {
    const file = resolve(terminal.directory, given.operand ?? '');
    const { runner, ...experiment } = asObject(await readExperimentFile(file));
    const named = { name: basename(file).replace(/(\.distill)?\.jsonc?$/, ''), ...experiment };
    const parsed = parseExperiment({ ...named, ...(runner !== undefined && { runner }) });
    const settings = settingsOf(parsed.runner?.slurm, given.values);
    const kind = parsed.search ? 'searches' : 'runs';
    const folder = given.values.get('out') ?? unusedFolder(terminal.directory, kind, named.name);
    const there = hostOf(given);
    if (there) return submitThere(file, experiment, folder, there, given, terminal);
    const options: SubmitOptions = {
      folder: resolve(terminal.directory, folder),
      baseDirectory: dirname(file),
      cacheFolder: usualCacheFolder(terminal.directory),
      settings,
      program: ownProgram(),
      labelShards: Number(given.values.get('label-shards') ?? 0),
      slurm: new Slurm(),
      signal: new AbortController().signal,
    };
    const kindToPrint = given.values.get('print');
    if (kindToPrint !== undefined) {
      terminal.out.write(await printFor(kindToPrint, named, options));
      return exitCode.success;
    }
    const submission = await submit(named, options);
    const shown = relative(terminal.directory, options.folder) || '.';
    const word = terminalWord(shown);
    const jobs = submission.jobs.map(({ id, name, tasks }) => ({ id, name, tasks }));
    if (given.switches.has('json'))
      terminal.out.write(`${JSON.stringify({ folder: options.folder, jobs }, null, 2)}\n`);
    else terminal.out.write(`${jobs.map(({ id }) => id).join(' ')}\n`);
    terminal.error.write(
      `Submitted '${shown}'. \`distillery jobs ${word}\` tells how it goes, \`distillery cancel ${word}\` ends it.\n`,
    );
    return given.switches.has('follow')
      ? followJobs(options.folder, submission, options.slurm, terminal)
      : exitCode.success;
  },
};

/** Copies the experiment to another machine, which has the cluster, and submits it there; with `--follow` the folder comes back. */
async function submitThere(
  file: string,
  experiment: unknown,
  folder: string,
  there: NonNullable<ReturnType<typeof hostOf>>,
  given: GivenArguments,
  terminal: Terminal,
): Promise<number> {
  const files = filesToCopy(file, experiment);
  terminal.error.write(`Copies ${files.join(', ')} to ${there.host.target}:${there.host.folder}.\n`);
  await copyThere(there.host, dirname(file), files);
  const passed = optionsToPassOn(given, 'out', 'follow');
  const code = await passOn(there, ['submit', basename(file), `--out=${folder}`, ...passed], terminal);
  if (code !== 0 || !given.switches.has('follow')) return code;
  for (;;) {
    const end = await passOn(there, ['jobs', folder, '--wait=10'], terminal);
    await copyBack(there.host, terminal.directory, folder);
    if (end !== exitCode.waiting) return end;
  }
}

async function printFor(
  kind: string,
  experiment: Readonly<Record<string, unknown>>,
  options: SubmitOptions,
): Promise<string> {
  const { folder, baseDirectory: directory, settings, labelShards } = options;
  if (kind === 'slurm') {
    const parsed = parseExperiment(experiment);
    const rounds = await checkSubmission(experiment, parsed, options);
    const scripts = scriptsOf(planJobs(parsed, { labelShards, rounds }), parsed, options);
    return scripts.map(({ text }) => text).join('\n');
  }
  // The tasks read what they are to do from the folder.
  const { jobs, submission } = await prepareSubmission(experiment, options);
  const described = { name: submission.name, folder, directory, settings };
  return kind === 'ray' ? printRay(jobs, described) : printKubernetes(jobs, described);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new BadInputError([{ where: 'The file', message: 'must hold an object', hint: 'Write { … }.' }]);
}

/** Relative to the working directory. */
function unusedFolder(directory: string, kind: 'runs' | 'searches', name: string): string {
  const folder = join('.distillery', kind, newRunId(name, new Date()));
  let number = 1;
  let unused = folder;
  while (existsSync(join(directory, unused))) unused = `${folder}-${++number}`;
  return unused;
}
