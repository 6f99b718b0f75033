import type { Dataset } from '../data/dataset.ts';
import { classesOf } from '../data/task.ts';
import { BadInputError, type Problem } from '../errors.ts';
import type { ModelFile } from '../onnx/file.ts';
import { formatPercent } from '../protocol/format.ts';
import { adaptNetwork, type Adaptation } from '../teacher/matching/adaptNetwork.ts';
import { decisionsOf } from '../teacher/matching/assignClasses.ts';
import { classNamesOf, mapByName } from '../teacher/matching/classNames.ts';
import { describeFit, fitInput } from '../teacher/matching/fitInput.ts';
import { judgeTries, type Verdict } from '../teacher/matching/judgeTries.ts';
import {
  affineBetween,
  teacherStatistics,
  triedNormalizations,
  type TeacherNormalization,
} from '../teacher/matching/normalizations.ts';
import { probe, readProbeSamples } from '../teacher/matching/probe.ts';
import { outputKind } from '../teacher/outputs.ts';
import { declaredShape, readNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { describeOrder, unusableNames, warningsOf } from './matchWording.ts';
import { storedDataForm } from './storedDataForm.ts';

/** What the experiment says of a teacher that is a file. */
export interface TeacherWishes {
  /** The field that names it. */
  readonly where: string;
  readonly output: string | undefined;
  readonly normalization: TeacherNormalization | undefined;
  /** Names of its outputs, in their order. */
  readonly classes: readonly string[] | undefined;
}

/** A teacher that takes the dataset's samples and answers with its classes, as far as that could be found out. */
export interface MatchedTeacher {
  readonly model: NetworkFile;
  /** What was found out. */
  readonly notes: readonly string[];
  /** What a person should check. */
  readonly warnings: readonly Problem[];
}

/** Above this accuracy no other normalisation is tried. */
const GOOD = 0.9;

/**
 * Matches a teacher to a dataset: the order of dimensions and the size of images from what the file declares; the order of classes by
 * names, where it has some; and, on labelled validation samples, how values are normalised and which output stands for which class,
 * where the experiment and the file do not say and the teacher does not decide well without.
 *
 * @throws DistilleryError when the file's inputs are not understood; `CANCELLED` when the signal aborts
 */
export async function matchTeacher(
  file: ModelFile,
  wishes: TeacherWishes,
  dataset: Dataset,
  signal: AbortSignal,
): Promise<MatchedTeacher> {
  const { sampleShape, samples } = dataset;
  const declared = samples.kind === 'values' ? onlyInputShape(file) : undefined;
  const input = declared && fitInput(declared, sampleShape);
  const { where, output } = wishes;
  const options = { sampleShape: input?.native ?? sampleShape, ...(output !== undefined && { output }) };
  const base = readNetwork(file, options);
  const notes = [
    ...(file.isChanged ? ["The teacher's numbers of half precision (float16) are computed with as float32."] : []),
    ...(input ? [`The teacher's images: ${describeFit(input)}.`] : []),
  ];
  const adapted = (adaptation: Adaptation): NetworkFile =>
    Object.values(adaptation).some((part) => part !== undefined) ? adaptNetwork(base, adaptation, sampleShape) : base;
  const names = wishes.classes ?? fileClasses(file, base);
  const known = names && mapByName(names, classesOf(dataset.task));
  if (wishes.classes && !known) throw new BadInputError([unusableNames(wishes.classes, dataset, where)]);
  const [width] = base.outputShape;
  const { targets } = dataset.validation;
  const isUndecided =
    dataset.task.kind !== 'classification' ||
    targets.kind !== 'classes' ||
    base.outputShape.length !== 1 ||
    typeof width !== 'number' ||
    (known === undefined && width !== dataset.task.classes.length);
  const said = saidAffine(file, wishes, dataset);
  if (isUndecided || dataset.validation.count === 0)
    return { model: adapted({ input, affine: said.affine }), notes, warnings: [] };
  const { classes } = dataset.task;
  const shaped = adapted({ input, affine: said.affine });
  // What cannot take the samples is refused later, with everything else.
  if (shaped === base && !takes(shaped, sampleShape)) return { model: shaped, notes, warnings: [] };
  const picked = await readProbeSamples(dataset, targets.labels, shaped);
  const standing = known ?? classes.map((_, index) => index);
  const judge = (outputs: readonly Float32Array[], tried: readonly string[]): Verdict =>
    judgeTries(
      outputs.map((values, index) => ({ name: tried[index] ?? '', decisions: decisionsOf(values, width) })),
      picked.labels,
      { classes: standing, width, mayAssign: known === undefined },
    );
  const present = presentStatistics(dataset);
  const [channels = 1] = sampleShape;
  const others =
    said.isSaid || present === undefined
      ? []
      : triedNormalizations(channels).flatMap(({ name, statistics }) => {
          const affine = affineBetween(present, statistics, channels);
          return affine ? [{ name, affine }] : [];
        });
  const asTheyAre = await probe(shaped, picked, dataset, [undefined], signal);
  let verdict = judge(asTheyAre, ['as they are']);
  if (verdict.accuracy < GOOD && others.length > 0) {
    const more = await probe(
      shaped,
      picked,
      dataset,
      others.map(({ affine }) => affine),
      signal,
    );
    verdict = judge([...asTheyAre, ...more], ['as they are', ...others.map(({ name }) => name)]);
  }
  const chosen = verdict.index === 0 ? undefined : others[verdict.index - 1];
  const isReordered = verdict.classes.length !== width || verdict.classes.some((place, index) => place !== index);
  const model = adapted({
    input,
    affine: chosen?.affine ?? said.affine,
    classes: isReordered ? verdict.classes : undefined,
  });
  const [firstOutputs = new Float32Array(0)] = asTheyAre;
  const probabilities = outputKind({ kind: 'classification', classes: Array<string>(width).fill('') }, firstOutputs);
  notes.push(
    `The teacher decides ${formatPercent(verdict.accuracy, 1)} of ${picked.count} validation samples rightly; its output ` +
      `'${base.output}' gives ${probabilities}.`,
  );
  if (isReordered && !verdict.isAssigned) {
    notes.push(
      `The teacher's classes are put in the dataset's order by name: ${describeOrder(verdict.classes, classes)}.`,
    );
  }
  return { model, notes, warnings: warningsOf(verdict, { where, chosen: chosen?.name, count: picked.count, classes }) };
}

/** What is said of how the teacher's samples are normalised: by the experiment, or by the file itself. */
function saidAffine(
  file: ModelFile,
  { normalization }: TeacherWishes,
  dataset: Dataset,
): { readonly isSaid: boolean; readonly affine: Adaptation['affine'] } {
  const present = presentStatistics(dataset);
  const [channels = 1] = dataset.sampleShape;
  if (present === undefined) return { isSaid: false, affine: undefined };
  if (normalization !== undefined) {
    return { isSaid: true, affine: affineBetween(present, teacherStatistics(normalization), channels) };
  }
  const made = storedDataForm(metadataOf(file))?.preparation;
  if (made?.kind !== 'pixels') return { isSaid: false, affine: undefined };
  const statistics = made.normalization ?? teacherStatistics('none');
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

/** Dimensions of one sample as the file declares its one input; undefined for several, or none. */
function onlyInputShape({ proto }: ModelFile) {
  const stored = new Set(proto.graph?.initializer.map(({ name }) => name));
  const [first, ...others] = (proto.graph?.input ?? []).filter(({ name }) => !stored.has(name));
  return first && others.length === 0 ? declaredShape(proto, first.name)?.slice(1) : undefined;
}

function takes({ sampleShape: wanted }: NetworkFile, sampleShape: readonly number[]): boolean {
  const values = sampleShape.reduce((product, size) => product * size, 1);
  const fitting = (sizes: readonly number[]): boolean =>
    wanted.length === sizes.length && wanted.every((size, axis) => typeof size === 'string' || size === sizes[axis]);
  return fitting(sampleShape) || fitting([values]);
}
