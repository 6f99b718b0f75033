import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DistilleryError } from '../errors.ts';
import { readExperimentFile } from '../experiment/readExperimentFile.ts';
import { runExperiment } from '../experiment/runExperiment.ts';
import { runFiles } from '../experiment/runFolder.ts';
import { newRunId } from '../experiment/runId.ts';
import { experimentSchema } from '../experiment/schema.ts';
import type { EpochEvent } from '../protocol/events.ts';
import { formatQuality } from '../protocol/format.ts';
import type { Report } from '../protocol/report.ts';
import { existingFile, oneOf, runFolderToWrite, wholeNumber } from './checks.ts';
import { jsonOption, type Command, type GivenArguments } from './command.ts';
import { packagedFile } from './packageFiles.ts';
import { progressOn, quiet } from './progress.ts';
import { renderReport } from './renderReport.ts';
import { exitCode, type Terminal } from './terminal.ts';

const devices = experimentSchema.shape.device.unwrap().options;
const BUILT_IN = 'builtin';
const LARGEST_SEED = 0xffff_ffff;

/** `distillery run [FILE]` */
export const runCommand: Command = {
  name: 'run',
  summary: 'Distil a teacher into a student, as an experiment file says.',
  details:
    'Ctrl-C stops a run and keeps the best student so far; a second Ctrl-C ends at once.\n' +
    'Ends with 0 when the run has finished, 2 when the input must be mended, 130 after Ctrl-C, and 1 when it fails.',
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
      description: 'Write the run folder to DIR instead of .distillery/runs/….',
      check: runFolderToWrite,
    },
    {
      name: 'device',
      value: 'DEVICE',
      description: `Where to train, whatever the file says: ${devices.join(', ')}.`,
      check: oneOf('a device', devices),
    },
    { name: 'seed', value: 'N', description: 'Seed, whatever the file says.', check: wholeNumber(0, LARGEST_SEED) },
    jsonOption,
    { name: 'quiet', description: 'Show no progress.' },
  ],
  run: async (given, terminal) => {
    const path = given.operand === undefined || given.operand === BUILT_IN ? builtInExperiment() : given.operand;
    const file = resolve(terminal.directory, path);
    const experiment = completed(await readExperimentFile(file), file, given.values);
    const folder = runFolderOf(given.values.get('out'), experiment, terminal.directory);
    const progress = given.switches.has('quiet') ? quiet : progressOn(terminal.error);
    let best: EpochEvent | undefined;
    const stop = new AbortController();
    const stopListening = terminal.onInterrupt(() => {
      if (stop.signal.aborted) {
        terminal.exit(exitCode.interrupted);
        return;
      }
      stop.abort();
      progress.end();
      terminal.error.write('Stopping; the best student so far is kept. Press Ctrl-C again to end at once.\n');
    });
    try {
      const result = await runExperiment(experiment, {
        folder,
        baseDirectory: dirname(file),
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'epoch' && event.network === 'student' && event.best) best = event;
          progress.show(event);
        },
      });
      progress.end();
      if (!result.report) throw stoppedEarly(best, join(relative(terminal.directory, folder), runFiles.student));
      tellReport(result.report, folder, given, terminal);
      return result.state === 'finished' ? exitCode.success : exitCode.interrupted;
    } finally {
      progress.end();
      stopListening();
    }
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

/** The folder that `--out` names, or a new one named after time and experiment. */
function runFolderOf(out: string | undefined, experiment: unknown, directory: string): string {
  if (out !== undefined) return resolve(directory, out);
  const name = isObject(experiment) && typeof experiment['name'] === 'string' ? experiment['name'] : '';
  return unusedFolder(join(directory, '.distillery', 'runs', newRunId(name, new Date())));
}

function unusedFolder(folder: string): string {
  if (!existsSync(folder)) return folder;
  let number = 2;
  while (existsSync(`${folder}-${number}`)) number++;
  return `${folder}-${number}`;
}

function tellReport(
  report: Report,
  folder: string,
  { switches }: GivenArguments,
  { out, error, directory }: Terminal,
): void {
  if (switches.has('json')) {
    out.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  out.write(`\n${renderReport(report, out)}`);
  error.write(`The student is '${relative(directory, join(folder, report.student.file))}'.\n`);
}

/** What is said of a run that was stopped before it had a report. */
function stoppedEarly(best: EpochEvent | undefined, student: string): DistilleryError {
  const kept = best
    ? `The best student so far is '${student}', of epoch ${best.epoch}, with ${formatQuality(best.validation)} on the validation split.`
    : 'There was no student yet.';
  return new DistilleryError('CANCELLED', `Stopped before the student was evaluated. ${kept}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
