import type { Dataset } from '../../data/dataset.ts';
import { classesOf, outputShapeOf, type Task } from '../../data/task.ts';
import { BadInputError, DistilleryError, type Problem } from '../../errors.ts';
import type { ModelFile } from '../../onnx/file.ts';
import { adaptNetwork, type Adaptation } from '../../teacher/matching/adaptNetwork.ts';
import { classNamesOf, mapByName } from '../../teacher/matching/classNames.ts';
import {
  affineBetween,
  teacherStatistics,
  triedNormalizations,
  type TeacherNormalization,
} from '../../teacher/matching/normalizations.ts';
import { inputsInOwnUnits } from '../../teacher/matching/ownUnits.ts';
import { changeValues, probe, readProbeSamples, type ProbeSamples } from '../../teacher/matching/probe.ts';
import { areWhole } from '../../teacher/matching/takeFloats.ts';
import type { OtherNumbers } from '../../onnx/otherNumbers.ts';
import { findUnusable, unusableHint } from '../../teacher/unusableOutputs.ts';
import type { NetworkFile } from '../../training/engines/networkFile.ts';
import { matchClasses, type ClassesOptions, type MatchedOutputs, type OtherWay } from './matchClasses.ts';
import { matchNumbers } from './matchNumbers.ts';
import { unusableNames } from './matchWording.ts';
import { measureTeacher } from './measureTeacher.ts';
import { readTeacher } from './readTeacher.ts';
import { storedDataForm } from '../../data/storedDataForm.ts';

/** What the experiment says of a teacher that is a file. */
export interface TeacherWishes {
  /** The field that names it. */
  readonly where: string;
  readonly output: string | undefined;
  readonly normalization: TeacherNormalization | undefined;
  /** Names of its outputs, in their order. */
  readonly classes: readonly string[] | undefined;
  /** Whether arrays were scaled for the networks that are made here, without a word of the experiment. */
  readonly isScaledForOthers?: boolean;
}

/** A teacher that takes the dataset's samples and answers with its classes, as far as that could be found out. */
export interface MatchedTeacher {
  readonly model: NetworkFile;
  /** What was found out. */
  readonly notes: readonly string[];
  /** What a person should check. */
  readonly warnings: readonly Problem[];
}

/**
 * Matches a teacher to a dataset: the order of dimensions, the size of images and the type of numbers from what the file declares; the
 * order of classes by names, where it has some; and, on validation samples, how values are normalised, what its outputs are, and which of
 * them stands for which class, where the experiment and the file do not say and the teacher does not do well without. Says how good it is.
 *
 * @throws DistilleryError when the file's inputs are not understood; `BAD_INPUT` when it says nothing that can be learned from;
 *   `CANCELLED` when the signal aborts
 *
 * @param onProgress told how many of the validation samples that it is tried on it has answered
 */
export async function matchTeacher(
  file: ModelFile,
  wishes: TeacherWishes,
  dataset: Dataset,
  signal: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<MatchedTeacher> {
  const { sampleShape, task } = dataset;
  const { where } = wishes;
  const teacher = await readTeacher(file, wishes, dataset);
  const { input, numbers } = teacher;
  let { base } = teacher;
  const notes = [...teacher.notes];
  const adapted = (adaptation: Adaptation): NetworkFile =>
    Object.values(adaptation).some((part) => part !== undefined) ? adaptNetwork(base, adaptation, sampleShape) : base;
  const names = wishes.classes ?? fileClasses(base.file, base);
  const known = names && mapByName(names, classesOf(task));
  if (wishes.classes && !known) throw new BadInputError([unusableNames(wishes.classes, dataset, where)]);
  const said = saidAffine(file, wishes, dataset, numbers);
  const width = widthOfVector(base, dataset);
  const shaped = adapted({ input, affine: said.affine, width });
  // What cannot take the samples, or answers something else, is refused later, with everything else.
  const isUnfit = (shaped === base && !takes(shaped, sampleShape)) || !answers(shaped, dataset, known);
  if (isUnfit || dataset.validation.count === 0) return { model: shaped, notes, warnings: [] };
  const picked = await readProbeSamples(dataset, shaped);
  const whole = numbers?.isWhole === true && !said.isSaid ? wholeNumbers(numbers, picked, dataset, where) : undefined;
  const affine = said.affine ?? whole?.affine;
  const ask = (changes: readonly Adaptation['affine'][]): Promise<Float32Array[]> =>
    probe(adapted({ input, affine, width }), picked, dataset, changes, { signal, ...(onProgress && { onProgress }) });
  const first = await askOrOneByOne(base, ask, (oneByOne) => {
    base = oneByOne.model;
    notes.push(oneByOne.note);
  });
  const isFixed = said.isSaid || whole !== undefined;
  const others = isFixed ? [] : otherWays(dataset, teacher.isInOwnUnits);
  const training = await trainingSamples(dataset, shaped, others);
  const askOfTraining = (from: ProbeSamples) => (changes: readonly Adaptation['affine'][]) =>
    probe(adapted({ input, affine, width }), from, dataset, changes, { signal });
  const matched = await matchOutputs(dataset, first, {
    where,
    network: { output: base.output, outputShape: shaped.outputShape },
    known,
    isSaid: wishes.classes !== undefined,
    picked,
    others,
    isOtherLikelier: base.foreign !== undefined && dataset.preparation.kind === 'table',
    ask,
    training: training && { labels: training.labels, ask: askOfTraining(training.samples) },
  });
  const model = adapted({ input, width, ...matched.adaptation, affine: matched.adaptation.affine ?? affine });
  return { model, notes: [...notes, ...matched.notes], warnings: matched.warnings };
}

/** Rows of a table that are too few to tell in which unit a teacher wants them. */
const FEW_ROWS = 100;

/** Training samples of a table whose validation split is small, where it is not known in which unit its teacher wants them. */
async function trainingSamples(
  dataset: Dataset,
  network: NetworkFile,
  others: readonly OtherWay[],
): Promise<{ readonly samples: ProbeSamples; readonly labels: Int32Array } | undefined> {
  const { preparation, training, validation } = dataset;
  if (preparation.kind !== 'table' || others.length === 0 || validation.count >= FEW_ROWS) return undefined;
  const samples = await readProbeSamples({ ...dataset, validation: training }, network);
  return samples.targets.kind === 'classes' ? { samples, labels: samples.targets.labels } : undefined;
}

/** The first answers, sample by sample where the teacher fails with several; `tell` is told so. */
async function askOrOneByOne(
  base: NetworkFile,
  ask: (changes: readonly Adaptation['affine'][]) => Promise<Float32Array[]>,
  tell: (oneByOne: { readonly model: NetworkFile; readonly note: string }) => void,
): Promise<Float32Array> {
  try {
    return (await ask([undefined]))[0] ?? new Float32Array(0);
  } catch (error) {
    const mayHelp = error instanceof DistilleryError && error.code === 'BAD_FILE' && base.fixedBatch === undefined;
    if (!mayHelp) throw error;
    const note = `The teacher is asked about one sample at a time, because it fails with more: ${error.message}`;
    tell({ model: { ...base, fixedBatch: 1 }, note });
    return (await ask([undefined]))[0] ?? new Float32Array(0);
  }
}

/** What the outputs tell of a teacher, by the kind of the task. */
async function matchOutputs(
  dataset: Dataset,
  outputs: Float32Array,
  options: {
    readonly where: string;
    readonly network: Pick<NetworkFile, 'output' | 'outputShape'>;
    readonly known: readonly number[] | undefined;
    readonly isSaid: boolean;
    readonly picked: ProbeSamples;
    readonly others: readonly OtherWay[];
    /** Models of classical learning are mostly taught on a table's numbers as they are. */
    readonly isOtherLikelier: boolean;
    readonly ask: (changes: readonly Adaptation['affine'][]) => Promise<Float32Array[]>;
    readonly training: ClassesOptions['training'];
  },
): Promise<MatchedOutputs> {
  const { task } = dataset;
  const { where, network, picked, others, isOtherLikelier, ask, known, isSaid, training } = options;
  const { output, outputShape } = network;
  const width = outputs.length / picked.count;
  // As many classes as there are outputs: which ones are taken for them is not known yet.
  const raw: Task =
    'classes' in task && task.kind === 'classification' ? { ...task, classes: Array<string>(width).fill('') } : task;
  const unusable = findUnusable(raw, outputs, picked.count);
  if (unusable) {
    const message = `The teacher gives ${unusable.what} for ${unusable.samples} of ${picked.count} validation samples.`;
    throw new BadInputError([{ where, message, hint: unusableHint }]);
  }
  if (task.kind === 'classification' && picked.targets.kind === 'classes' && outputShape.length <= 1) {
    const { labels } = picked.targets;
    return matchClasses(dataset, outputs, {
      where,
      output,
      width,
      known,
      isSaid,
      labels,
      others,
      isOtherLikelier,
      ask,
      training,
    });
  }
  const isConstant = picked.count > 1 && outputs.every((value, index) => value === outputs[index % width]);
  const constant = {
    where,
    message: `The teacher says the same of all ${picked.count} validation samples.`,
    hint: unusableHint,
  };
  const found =
    task.kind === 'regression'
      ? await matchNumbers(dataset, outputs, { where, output, picked, others, isOtherLikelier, ask })
      : { adaptation: {}, notes: [measureTeacher(dataset, outputs, picked, output)], warnings: [] };
  return { ...found, warnings: [...found.warnings, ...(isConstant ? [constant] : [])] };
}

/** Whether a network's output can be compared with what the dataset wants. */
function answers(
  { outputShape }: NetworkFile,
  { task, sampleShape }: Dataset,
  known: readonly number[] | undefined,
): boolean {
  const [width] = outputShape;
  if (task.kind === 'matching') return true;
  if (task.kind === 'classification' && outputShape.length === 0) return task.classes.length === 2;
  if (task.kind === 'classification' && outputShape.length === 1) {
    const classes = task.classes.length;
    return typeof width === 'number' && (known !== undefined || width === classes || (width === 1 && classes === 2));
  }
  const wanted = outputShapeOf(task, sampleShape) ?? [];
  return outputShape.length === wanted.length && outputShape.every((size, axis) => size === wanted[axis]);
}

/** How many numbers an output has whose other dimensions are all 1, where the dataset wants a vector of them; else undefined. */
function widthOfVector({ outputShape }: NetworkFile, { task, sampleShape }: Dataset): number | undefined {
  const wanted = outputShapeOf(task, sampleShape);
  const [width = 1, ...others] = outputShape.filter((size) => size !== 1);
  if (wanted?.length !== 1 || outputShape.length < 2 || others.length > 0) return undefined;
  return typeof width === 'number' ? width : undefined;
}

/** What else is tried of the values of samples, where it is not said how the teacher wants them. */
function otherWays(dataset: Dataset, isInOwnUnits: boolean): OtherWay[] {
  const present = presentStatistics(dataset);
  const [channels = 1] = dataset.sampleShape;
  if (present !== undefined) {
    return triedNormalizations(channels).flatMap(({ name, statistics }) => {
      const affine = affineBetween(present, statistics, channels);
      return affine ? [{ name, affine }] : [];
    });
  }
  const affine = isInOwnUnits ? undefined : inputsInOwnUnits(dataset);
  return affine ? [{ name: "inputs in the data's own units (not scaled)", affine }] : [];
}

/**
 * How a teacher of whole numbers gets them: as the dataset has them, or in their own units.
 * @throws BadInputError when the dataset has fractions
 */
function wholeNumbers(
  { input, type }: OtherNumbers,
  { values, count }: ProbeSamples,
  dataset: Dataset,
  where: string,
): { readonly affine: Adaptation['affine'] } {
  if (areWhole(values)) return { affine: undefined };
  const affine = inputsInOwnUnits(dataset);
  if (affine && areWhole(changeValues(values, values.length / count, dataset.sampleShape, affine))) return { affine };
  const message = `The teacher takes whole numbers ('${input}' is ${type}), but the samples of the dataset have fractions.`;
  const hint = 'Choose the dataset that the teacher was trained on, or export the teacher with an input of float32.';
  throw new BadInputError([{ where, message, hint }]);
}

/** What is said of how the teacher's samples are normalised: by the experiment, or by the file itself. */
function saidAffine(
  file: ModelFile,
  { normalization, isScaledForOthers }: TeacherWishes,
  dataset: Dataset,
  numbers: OtherNumbers | undefined,
): { readonly isSaid: boolean; readonly affine: Adaptation['affine'] } {
  const present = presentStatistics(dataset);
  const [channels = 1] = dataset.sampleShape;
  const stored = storedDataForm(metadataOf(file))?.preparation;
  const { preparation } = dataset;
  if (preparation.kind === 'arrays') {
    const own = stored?.kind === 'arrays' ? (stored.normalization ?? teacherStatistics('none')) : undefined;
    const wanted = own ?? (preparation.normalization && isScaledForOthers ? teacherStatistics('none') : undefined);
    if (wanted) return { isSaid: true, affine: affineBetween(preparation.normalization, wanted, channels) };
  }
  if (present === undefined) return { isSaid: false, affine: undefined };
  if (normalization !== undefined) {
    return { isSaid: true, affine: affineBetween(present, teacherStatistics(normalization), channels) };
  }
  if (numbers?.isWhole === true) {
    return { isSaid: true, affine: affineBetween(present, teacherStatistics('bytes'), channels) };
  }
  if (stored?.kind !== 'pixels') return { isSaid: false, affine: undefined };
  const statistics = stored.normalization ?? teacherStatistics('none');
  return { isSaid: true, affine: affineBetween(present, statistics, channels) };
}

/** How the samples of a dataset of images are normalised; null for not at all, undefined for other data. */
function presentStatistics({ preparation }: Dataset) {
  return preparation.kind === 'pixels' ? preparation.normalization : undefined;
}

function fileClasses(file: ModelFile, { outputShape }: NetworkFile): readonly string[] | undefined {
  const metadata = metadataOf(file);
  const [width] = outputShape;
  if (typeof width !== 'number') return undefined;
  const made = storedDataForm(metadata);
  const own = made && classesOf(made.task);
  return own?.length === width ? own : classNamesOf(metadata, width);
}

function metadataOf({ proto }: ModelFile): Record<string, string> {
  return Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value]));
}

function takes({ sampleShape: wanted }: NetworkFile, sampleShape: readonly number[]): boolean {
  const values = sampleShape.reduce((product, size) => product * size, 1);
  const fitting = (sizes: readonly number[]): boolean =>
    wanted.length === sizes.length && wanted.every((size, axis) => typeof size === 'string' || size === sizes[axis]);
  return fitting(sampleShape) || fitting([values]);
}
