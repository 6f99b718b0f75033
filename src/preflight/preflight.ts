import { basename, resolve } from 'node:path';
import type { Dataset, OpenContext } from '../data/dataset.ts';
import type { DatasetShelf } from '../data/datasetShelf.ts';
import { openDataset } from '../data/openDataset.ts';
import { outputShapeOf } from '../data/task.ts';
import { transferSet } from '../data/unlabelled/transferSet.ts';
import { BadInputError, type Problem } from '../errors.ts';
import { loadModel, type ModelFile } from '../onnx/file.ts';
import type { Shape } from '../onnx/tensor.ts';
import { nameNodesApart } from '../onnx/importing/nameNodesApart.ts';
import { separateSizes } from '../onnx/importing/separateSizes.ts';
import { widenHalves } from '../onnx/importing/singlePrecision.ts';
import { wholeMasks } from '../onnx/importing/wholeMasks.ts';
import { readNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { checkBatchAugmentation } from './batchAugmentationOf.ts';
import { checkEngine } from './checks/checkEngine.ts';
import { checkPrecision } from './checks/checkPrecision.ts';
import { checkFreedBatch } from './checks/checkFreedBatch.ts';
import { checkNetworks } from './checks/checkNetworks.ts';
import { balanceClasses } from './balanceClasses.ts';
import { checkAccumulation } from './checks/checkAccumulation.ts';
import { checkFittedMemory } from './checks/checkFittedMemory.ts';
import { checkUnlabelled } from './checks/checkUnlabelled.ts';
import { checkTeacher } from './checks/checkTeachers.ts';
import { usualObjective } from '../objectives/chooseObjective.ts';
import { fieldOf, fileToStartFrom, teacherToTrain, type NetworkToTrain } from '../experiment/networkToTrain.ts';
import { matchTeacher, type MatchedTeacher, type TeacherWishes } from './matching/matchTeacher.ts';
import type { Files, Prepared } from './prepared.ts';
import { problemsOf } from './problemsOf.ts';
import { checkCrossFitting } from './checks/checkCrossFitting.ts';
import { checkTrainedTeacher } from './checks/checkTrainedTeacher.ts';
import { checkSites } from './sites/checkSites.ts';
import { checkRawInput } from './checks/checkRawInput.ts';
import type { Experiment } from '../experiment/schema.ts';
import { settleExperiment } from '../experiment/settleExperiment.ts';
import { settleNormalization, type SettledNormalization } from './settleNormalization.ts';
import { checkWrittenFile } from './checks/checkWrittenFile.ts';
import { checkWholeNumbers } from './checks/checkWholeNumbers.ts';
import { checkDataForm } from '../data/storedDataForm.ts';
import { takeBatchFirst } from './takeBatchFirst.ts';
import { teacherWidths } from './teacherWidths.ts';

export interface PreflightOptions {
  readonly baseDirectory: string;
  readonly signal: AbortSignal;
  /** Told how much of the dataset is open. */
  readonly onProgress: (done: number, total: number) => void;
  /** Told how many of the samples that a teacher is tried on it has answered. */
  readonly onTrying?: ((done: number, total: number) => void) | undefined;
  /** Where opened datasets are kept for further runs of this process; by default each opens its own. */
  readonly datasets?: DatasetShelf | undefined;
  /** Whether the data of a site of `teacher.sites`, counted from 0, lie here and are to be checked; by default all do. */
  readonly isSiteHere?: ((site: number) => boolean) | undefined;
}

/**
 * Opens the dataset and the teacher and checks that teacher, dataset, student and objective fit together, so that
 * everything that can be refused is refused before the first step.
 * @throws BadInputError with every problem found
 */
export async function preflight(written: Experiment, options: PreflightOptions): Promise<Prepared> {
  const problems: Problem[] = [
    ...checkEngine(written),
    ...checkPrecision(written),
    ...checkShrunkTeacher(written),
    ...checkTrainedTeacher(written),
    ...checkCrossFitting(written),
    ...checkAccumulation(written),
  ];
  const collect = async <Result>(where: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(...problemsOf(where, error));
      return undefined;
    }
  };
  const readModel = async (path: string) =>
    separateSizes(nameNodesApart(wholeMasks(widenHalves(await loadModel(resolve(options.baseDirectory, path))))));
  const files = new Map<TeacherWishes['where'], ModelFile | undefined>();
  for (const { model, where } of existingTeachers(written)) {
    files.set(where, await collect(where, () => readModel(model)));
  }
  const readStart = (role: 'student' | 'teacher', network: NetworkToTrain | undefined) => {
    const path = network && fileToStartFrom(network);
    if (!network || path === undefined) return undefined;
    return collect(fieldOf(role, network), () => readModel(path));
  };
  const studentFile = await readStart('student', written.student);
  const teacherFile = await readStart('teacher', teacherToTrain(written));
  const settled = settleNormalization(written, {
    student: studentFile?.proto,
    teacher: (teacherFile ?? files.get('teacher.model'))?.proto,
  });
  const opened = await collect('dataset.path', () =>
    openAsSettled(settled, written, options.datasets?.open.bind(options.datasets) ?? openDataset, {
      teacher: teacherWidths([...files.values()].filter((file) => file !== undefined)),
      baseDirectory: options.baseDirectory,
      seed: written.training.seed,
      signal: options.signal,
      onProgress: options.onProgress,
    }),
  );
  const { experiment, notes } = opened ?? settled;
  const dataset = opened?.dataset;
  const turned = [studentFile, teacherFile].map((file) =>
    file && dataset ? takeBatchFirst(file, dataset, 'The model') : { file, notes: [] },
  );
  const [studentModel, teacherModel] = turned.map(({ file }) => file);
  const members: { model: NetworkFile; weight: number }[] = [];
  const matched: MatchedTeacher[] = [];
  for (const { weight, ...wishes } of existingTeachers(written)) {
    const { where } = wishes;
    const file = files.get(where);
    const found = file && (await collect(where, () => matchOrRead(file, wishes, dataset, options)));
    if (!found) continue;
    matched.push(found);
    members.push({ model: found.model, weight });
  }
  if (dataset && studentModel) {
    problems.push(...(await checkWholeNumbers(studentModel.proto, dataset, fieldOf('student', experiment.student))));
  }
  if (dataset && teacherModel)
    problems.push(...(await checkWholeNumbers(teacherModel.proto, dataset, 'teacher.model')));
  problems.push(
    ...(await checkSites(experiment, {
      whole: dataset,
      isHere: options.isSiteHere ?? (() => true),
      check: (ofSite) =>
        preflight(ofSite, { ...options, datasets: undefined, onProgress: () => undefined, onTrying: undefined }),
    })),
  );
  const prepared =
    dataset &&
    combine(experiment, { dataset, members, studentModel, teacherModel }, problems, {
      matched,
      notes: [...notes, ...turned.flatMap(({ notes: told }) => told)],
    });
  if (prepared && problems.length === 0) problems.push(...(await checkFreedBatch(prepared)));
  if (prepared && problems.length === 0) problems.push(...(await checkWrittenFile(prepared)));
  if (problems.length > 0 || !prepared) {
    await dataset?.dispose();
    throw new BadInputError(problems);
  }
  return prepared;
}

/** Opens the data, scaled as the files say that networks begin with. */
async function openAsSettled(
  { experiment, notes }: SettledNormalization,
  written: Experiment,
  open: typeof openDataset,
  context: OpenContext,
): Promise<SettledNormalization & { readonly dataset: Dataset }> {
  try {
    return { experiment, notes, dataset: await open(experiment.dataset, context) };
  } catch (error) {
    if (written.dataset.normalization !== 'auto' || !isOnNormalization(error)) throw error;
    // A file that was made for other samples is refused as such, and not for how they were scaled.
    const asTheyAre = { ...experiment, dataset: { ...experiment.dataset, normalization: 'none' as const } };
    return { experiment: asTheyAre, notes: [], dataset: await open(asTheyAre.dataset, context) };
  }
}

function isOnNormalization(error: unknown): boolean {
  return error instanceof BadInputError && error.problems.every(({ where }) => where === 'dataset.normalization');
}

/** The teachers that are files, the field that names each, and their shares. */
function existingTeachers(experiment: Experiment): readonly (TeacherWishes & {
  readonly model: string;
  readonly weight: number;
})[] {
  const { teacher, dataset } = experiment;
  if (!teacher || 'sites' in teacher || teacherToTrain(experiment)) return [];
  const isScaledForOthers = dataset.normalization === 'auto';
  if ('model' in teacher) {
    const { model, output, normalization, classes } = teacher;
    return [{ where: 'teacher.model', model, output, normalization, classes, isScaledForOthers, weight: 1 }];
  }
  if (!('ensemble' in teacher)) return [];
  const total = teacher.ensemble.reduce((sum, { weight }) => sum + weight, 0);
  return teacher.ensemble.map(({ model, output, normalization, classes, weight }, index) => ({
    where: `teacher.ensemble[${index}].model`,
    model,
    output,
    normalization,
    classes,
    isScaledForOthers,
    weight: weight / total,
  }));
}

/** A teacher matched to the dataset, or read as it is where that could not be opened, to tell what is wrong with it, too. */
async function matchOrRead(
  file: ModelFile,
  wishes: TeacherWishes,
  dataset: Dataset | undefined,
  { signal, onTrying }: PreflightOptions,
): Promise<MatchedTeacher> {
  if (dataset) {
    const { file: turned, notes } = takeBatchFirst(file, dataset, 'The teacher');
    const matched = await matchTeacher(turned, wishes, dataset, signal, onTrying);
    return { ...matched, notes: [...notes, ...matched.notes] };
  }
  const { output } = wishes;
  const model = readNetwork(file, output === undefined ? {} : { output });
  return { model, notes: [], warnings: [] };
}

/** Checks that everything fits together. Adds to `problems`; undefined when not even the output's shape is known. */
function combine(
  written: Experiment,
  files: Files,
  problems: Problem[],
  { matched, notes }: { readonly matched: readonly MatchedTeacher[]; readonly notes: readonly string[] },
): Prepared | undefined {
  const { dataset, members, studentModel, teacherModel } = files;
  const experiment = settleExperiment(written, transferSet(dataset), { isEnlarged: dataset.unlabelled !== undefined });
  const wanted = existingTeachers(experiment);
  const outputShape = outputShapeOf(dataset.task, dataset.sampleShape) ?? knownShape(members[0]?.model.outputShape);
  if (!outputShape) {
    if (problems.length > 0) return undefined;
    problems.push({
      where: 'teacher',
      message: 'The dataset has no labels, so the student is to match a teacher, and there is no teacher file.',
      hint: 'Name a teacher, or choose a dataset with labels.',
    });
    return undefined;
  }
  if (members.length === wanted.length) {
    members.forEach(({ model }, index) => {
      problems.push(...checkTeacher(model, dataset, outputShape, wanted[index]?.where ?? 'teacher'));
    });
  }
  problems.push(
    ...checkBatchAugmentation(experiment, dataset),
    ...checkRawInput(experiment, dataset),
    ...checkImportance(experiment, dataset),
    ...checkFittedMemory(experiment, dataset),
  );
  const named = experiment.objective === 'auto' ? undefined : experiment.objective;
  const objective = balanceClasses(named ?? usualObjective(dataset.task.kind, experiment.teacher !== null), dataset);
  problems.push(...checkUnlabelled(experiment, objective));
  const networks = checkNetworks(experiment, { ...files, outputShape, objective });
  problems.push(...networks.problems);
  const teachers = members.length > 0 ? { members } : undefined;
  const warnings = [
    ...dataset.findings.flatMap(({ severity, ...problem }) => (severity === 'warning' ? [problem] : [])),
    ...matched.flatMap(({ warnings: found }) => found),
    ...members.flatMap(({ model }, index) =>
      checkDataForm(model.file.proto, dataset, wanted[index]?.where ?? 'teacher', 'matched'),
    ),
    ...(studentModel ? checkDataForm(studentModel.proto, dataset, fieldOf('student', experiment.student)) : []),
    ...(teacherModel ? checkDataForm(teacherModel.proto, dataset, 'teacher') : []),
    ...networks.warnings,
  ];
  return {
    experiment,
    dataset,
    teachers,
    studentModel,
    teacherModel,
    outputShape,
    objective,
    warnings,
    notes,
    matching: matched.map(({ model, notes, warnings: found }) => ({
      teacher: basename(model.file.path),
      notes,
      warnings: found.map(({ message, hint }) => ({ message, hint })),
    })),
  };
}

/** Undefined when a dimension is open, or there is no shape at all. */
function knownShape(shape: Shape | undefined): readonly number[] | undefined {
  const known = shape?.filter((dimension) => typeof dimension === 'number');
  return known?.length === shape?.length ? known : undefined;
}

/** The loss that tells which channels matter is that on the labels. */
function checkImportance({ student }: Experiment, { task }: Dataset): Problem[] {
  if (!('shrink' in student) || student.importance !== 'taylor' || task.kind !== 'matching') return [];
  const message = 'The loss on labels tells which channels matter, and the dataset has no labels.';
  return [{ where: 'student.importance', message, hint: "Use 'l1'." }];
}

function checkShrunkTeacher({ student, teacher }: Experiment): Problem[] {
  if (!('shrink' in student) || teacher !== null) return [];
  return [
    {
      where: 'student.shrink',
      message: 'The student is to be the teacher with narrower layers, but teacher is null.',
      hint: 'Name a teacher, or choose another student.',
    },
  ];
}
