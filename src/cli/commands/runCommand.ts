import { basename, dirname, join, resolve } from 'node:path';
import { DistilleryError } from '../../errors.ts';
import { readExperimentFile } from '../../experiment/readExperimentFile.ts';
import { runExperiment } from '../../run/runExperiment.ts';
import { newRunFolder } from '../../runFolder/runId.ts';
import { experimentSchema } from '../../experiment/schema.ts';
import { existingFile, oneOf, runFolderToWrite, unwritable, wholeNumber } from '../checks.ts';
import type { Command } from '../command.ts';
import { followDetails, followOptions, followRun } from '../followRun.ts';
import { packagedFile } from '../../platform/packageFiles.ts';

const devices = experimentSchema.shape.device.unwrap().options;
const BUILT_IN = 'builtin';
const LARGEST_SEED = 0xffff_ffff;

/** `distillery run [FILE]` */
export const runCommand: Command = {
  name: 'run',
  summary: 'Distil a teacher into a student, as an experiment file says.',
  details: followDetails,
  operand: {
    name: 'FILE',
    isRequired: false,
    description: `Experiment file (*.distill.json); '${BUILT_IN}', the default, needs no files at all.`,
    check: (value, directory) => (value === BUILT_IN ? undefined : existingFile(value, directory)),
  },
  options: [
    {
      name: 'out',
      value: 'DIR',
      description: 'Write the run folder to DIR instead of .distillery/runs/…; a run that ended there is replaced.',
      check: runFolderToWrite,
    },
    {
      name: 'device',
      value: 'DEVICE',
      description: `Where to train, whatever the file says: ${devices.join(', ')}.`,
      check: oneOf('a device', devices),
    },
    { name: 'seed', value: 'N', description: 'Seed, whatever the file says.', check: wholeNumber(0, LARGEST_SEED) },
    ...followOptions,
  ],
  run: async (given, terminal) => {
    const path = given.operand === undefined || given.operand === BUILT_IN ? builtInExperiment() : given.operand;
    const file = resolve(terminal.directory, path);
    const experiment = completed(await readExperimentFile(file), file, given.values);
    const folder = runFolderOf(given.values.get('out'), experiment, terminal.directory);
    const baseDirectory = dirname(file);
    if (isObject(experiment) && experiment['search'] !== undefined) {
      terminal.error.write("One run: its section 'search' is what 'distillery search' looks at.\n");
    }
    return followRun(
      { folder, told: [], run: (options) => runExperiment(experiment, { ...options, folder, baseDirectory }) },
      given,
      terminal,
    );
  },
};

function builtInExperiment(): string {
  return packagedFile('examples/builtin-digits.distill.json');
}

/**
 * The experiment with the file's name, unless it has one, and with what the command line says instead. What is no
 * object is left for the validation to refuse.
 */
function completed(experiment: unknown, file: string, values: ReadonlyMap<string, string>): unknown {
  if (!isObject(experiment)) return experiment;
  const { training = {} } = experiment;
  const device = values.get('device');
  const seed = values.get('seed');
  return {
    name: basename(file).replace(/(\.distill)?\.jsonc?$/, ''),
    ...experiment,
    ...(device === undefined ? {} : { device }),
    ...(seed === undefined || !isObject(training) ? {} : { training: { ...training, seed: Number(seed) } }),
  };
}

/**
 * The folder that `--out` names, or a new one named after time and experiment.
 * @throws DistilleryError `BAD_INPUT` when that cannot be made
 */
function runFolderOf(out: string | undefined, experiment: unknown, directory: string): string {
  if (out !== undefined) return resolve(directory, out);
  const name = isObject(experiment) && typeof experiment['name'] === 'string' ? experiment['name'] : '';
  const folder = newRunFolder(join(directory, '.distillery', 'runs'), name);
  const problem = unwritable(folder);
  if (problem) {
    throw new DistilleryError('BAD_INPUT', `The run has no folder: ${problem.message}.`, {
      hint: 'Name one with --out that this user may write to.',
    });
  }
  return folder;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
