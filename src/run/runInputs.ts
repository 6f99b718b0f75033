import type { RunInputs } from '../runFolder/inputHashes.ts';
import type { Split } from '../data/samples/split.ts';
import { BadInputError, type Problem } from '../errors.ts';
import type { ModelFile } from '../onnx/file.ts';
import { hashLabels } from '../runFolder/hashData.ts';
import { digestOnce } from '../teacher/cache/digestOnce.ts';
import type { Run } from './run.ts';
import type { Prepared } from '../preflight/prepared.ts';
import type { Experiment } from '../experiment/schema.ts';

/** What samples without labels are called. */
const UNLABELLED_SAMPLES = 'samples without labels';

/** A thing that a run went on with, or was to, and that is not what it began with. */
interface Change {
  readonly name: string;
  readonly where: string;
}

/**
 * What a run is made from: the samples and the labels of each split, as networks get them, and the files of networks.
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function inputsOf(
  { dataset, teachers, teacherModel, studentModel }: Prepared,
  signal: AbortSignal,
): Promise<RunInputs> {
  const splits: readonly (readonly [string, Split])[] = [
    ['training', dataset.training],
    ['validation', dataset.validation],
    ['test', dataset.test],
  ];
  const inputs: Record<string, string> = {};
  const { unlabelled } = dataset;
  if (unlabelled) inputs[UNLABELLED_SAMPLES] = await digestOnce(unlabelled, dataset.sampleShape, signal);
  for (const [name, split] of splits) {
    inputs[`samples of the ${name} split`] = await digestOnce(split, dataset.sampleShape, signal);
    inputs[`labels of the ${name} split`] = hashLabels(split);
  }
  const members = teachers?.members ?? [];
  members.forEach(({ model }, index) => {
    inputs[members.length === 1 ? 'teacher' : `teacher ${index + 1}`] = model.file.sha256;
  });
  const files: readonly (readonly [string, ModelFile | undefined])[] = [
    ['network that the teacher starts from', teacherModel],
    ['network that the student starts from', studentModel],
  ];
  for (const [name, file] of files) if (file) inputs[name] = file.sha256;
  return inputs;
}

/** Notes what a run is made from, unless that is known. */
export async function noteInputs({ prepared, journal, signal }: Run): Promise<void> {
  if (journal.inputs === undefined) await journal.noteInputs(await inputsOf(prepared, signal));
}

/**
 * Names of what is not what the run began with.
 *
 * @param isAllowed whether the run goes on nevertheless
 * @throws BadInputError naming everything that changed, unless that is allowed
 */
export function changedSince(
  before: RunInputs | undefined,
  now: RunInputs,
  experiment: Experiment,
  isAllowed: boolean,
): readonly string[] {
  if (!before) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changes = names
    .filter((name) => before[name] !== now[name])
    .map((name) => ({ name, where: fieldOf(name, experiment) }));
  if (changes.length > 0 && !isAllowed) throw new BadInputError(changes.map(problemOf));
  return changes.map(({ name }) => name);
}

/** A warning for each thing that a run goes on with though it changed. */
export function warnOfChanges(names: readonly string[], experiment: Experiment): readonly Problem[] {
  return names.map((name) => {
    const { where, message } = problemOf({ name, where: fieldOf(name, experiment) });
    return { where, message, hint: 'The run goes on nevertheless, and its report says so.' };
  });
}

function problemOf({ name, where }: Change): Problem {
  const verb = /^(samples|labels) /.test(name) ? 'are' : 'is';
  return {
    where,
    message: `The ${name} ${verb} not what the run began with.`,
    hint: "Put back what was there, begin a new run, or go on nevertheless with 'distillery resume --force'.",
  };
}

/** The field of the experiment that decides about an input, with the path that it has. */
function fieldOf(name: string, { dataset }: Experiment): string {
  if (name === UNLABELLED_SAMPLES) return 'dataset.unlabelled';
  if (/^(samples|labels) /.test(name)) return `dataset.path (${dataset.path})`;
  return name.startsWith('teacher') || name.endsWith('teacher starts from') ? 'teacher' : 'student';
}
