import { basename, resolve } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/openDataset.ts';
import { outputShapeOf } from '../data/task.ts';
import { BadInputError, type Problem } from '../errors.ts';
import type { ObjectiveTerm } from '../objectives/objectiveTerm.ts';
import { loadModel, type ModelFile } from '../onnx/file.ts';
import type { Shape } from '../onnx/tensor.ts';
import { widenHalves } from '../onnx/widenHalves.ts';
import type { TeacherMatch } from '../protocol/report.ts';
import type { Teachers } from '../teacher/teach.ts';
import { readNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { checkAlteration } from './alteration.ts';
import { checkEngine } from './checkEngine.ts';
import { checkNetworks } from './checkNetworks.ts';
import { checkTeacher } from './checkTeachers.ts';
import { usualObjective } from './chooseObjective.ts';
import { fieldOf, fileToStartFrom, teacherToTrain, type NetworkToTrain } from './networkToTrain.ts';
import { matchTeacher, type MatchedTeacher, type TeacherWishes } from './matchTeacher.ts';
import { problemsOf } from './problemsOf.ts';
import { checkRawInput } from './rawInput.ts';
import type { Experiment } from './schema.ts';
import { checkDataForm } from './storedDataForm.ts';

/** Everything that a run needs, opened and found to fit together. */
export interface Prepared {
  readonly dataset: Dataset;
  /** The teachers that exist already; undefined when one is trained first or when there is none. */
  readonly teachers: Teachers | undefined;
  /** The files that networks start from; undefined for one that Distillery builds, and for a teacher that is not trained. */
  readonly studentModel: ModelFile | undefined;
  readonly teacherModel: ModelFile | undefined;
  /** Dimensions of the student's output for one sample. */
  readonly outputShape: readonly number[];
  readonly objective: readonly ObjectiveTerm[];
  /** What does not keep the experiment from being run, and should be known. */
  readonly warnings: readonly Problem[];
  /** What was found out about the teachers that exist already. */
  readonly matching: readonly TeacherMatch[];
}

export interface PreflightOptions {
  readonly baseDirectory: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Opens the dataset and the teacher and checks that teacher, dataset, student and objective fit together, so that
 * everything that can be refused is refused before the first step.
 * @throws BadInputError with every problem found
 */
export async function preflight(experiment: Experiment, options: PreflightOptions): Promise<Prepared> {
  const problems: Problem[] = [
    ...checkEngine(experiment),
    ...checkShrunkTeacher(experiment),
    ...checkTrainedTeacher(experiment),
  ];
  const collect = async <Result>(where: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(...problemsOf(where, error));
      return undefined;
    }
  };
  const dataset = await collect('dataset.path', () =>
    openDataset(experiment.dataset, {
      baseDirectory: options.baseDirectory,
      seed: experiment.training.seed,
      signal: options.signal,
      onProgress: options.onProgress,
    }),
  );
  const readModel = async (path: string) => widenHalves(await loadModel(resolve(options.baseDirectory, path)));
  const members: { model: NetworkFile; weight: number }[] = [];
  const matched: MatchedTeacher[] = [];
  for (const { model: path, weight, ...wishes } of existingTeachers(experiment)) {
    const { where } = wishes;
    const file = await collect(where, () => readModel(path));
    const found = file && (await collect(where, () => matchOrRead(file, wishes, dataset, options.signal)));
    if (!found) continue;
    matched.push(found);
    members.push({ model: found.model, weight });
  }
  const readStart = (role: 'student' | 'teacher', network: NetworkToTrain | undefined) => {
    const path = network && fileToStartFrom(network);
    if (!network || path === undefined) return undefined;
    return collect(fieldOf(role, network), () => readModel(path));
  };
  const studentModel = await readStart('student', experiment.student);
  const teacherModel = await readStart('teacher', teacherToTrain(experiment));
  const prepared = dataset && combine(experiment, { dataset, members, studentModel, teacherModel }, problems, matched);
  if (problems.length > 0 || !prepared) {
    await dataset?.dispose();
    throw new BadInputError(problems);
  }
  return prepared;
}

/** The teachers that are files, the field that names each, and their shares. */
function existingTeachers(experiment: Experiment): readonly (TeacherWishes & {
  readonly model: string;
  readonly weight: number;
})[] {
  const { teacher } = experiment;
  if (!teacher || teacherToTrain(experiment)) return [];
  if ('model' in teacher) {
    const { model, output, normalization, classes } = teacher;
    return [{ where: 'teacher.model', model, output, normalization, classes, weight: 1 }];
  }
  if (!('ensemble' in teacher)) return [];
  const total = teacher.ensemble.reduce((sum, { weight }) => sum + weight, 0);
  return teacher.ensemble.map(({ model, output, normalization, classes, weight }, index) => ({
    where: `teacher.ensemble[${index}].model`,
    model,
    output,
    normalization,
    classes,
    weight: weight / total,
  }));
}

/** A teacher matched to the dataset, or read as it is where that could not be opened, to tell what is wrong with it, too. */
function matchOrRead(
  file: ModelFile,
  wishes: TeacherWishes,
  dataset: Dataset | undefined,
  signal: AbortSignal,
): Promise<MatchedTeacher> {
  if (dataset) return matchTeacher(file, wishes, dataset, signal);
  const { output } = wishes;
  const model = readNetwork(file, output === undefined ? {} : { output });
  return Promise.resolve({ model, notes: [], warnings: [] });
}

/** What was read of the files that an experiment names. */
export interface Files {
  readonly dataset: Dataset;
  readonly members: Teachers['members'];
  readonly studentModel: ModelFile | undefined;
  readonly teacherModel: ModelFile | undefined;
}

/** Checks that everything fits together. Adds to `problems`; undefined when not even the output's shape is known. */
function combine(
  experiment: Experiment,
  files: Files,
  problems: Problem[],
  matched: readonly MatchedTeacher[],
): Prepared | undefined {
  const { dataset, members, studentModel, teacherModel } = files;
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
    ...checkAlteration(experiment, dataset),
    ...checkRawInput(experiment, dataset),
    ...checkImportance(experiment, dataset),
  );
  const objective = experiment.objective ?? usualObjective(dataset.task.kind, experiment.teacher !== null);
  problems.push(...checkNetworks(experiment, { ...files, outputShape, objective }));
  const teachers = members.length > 0 ? { members } : undefined;
  const warnings = [
    ...dataset.findings.flatMap(({ severity, ...problem }) => (severity === 'warning' ? [problem] : [])),
    ...matched.flatMap(({ warnings: found }) => found),
    ...members.flatMap(({ model }, index) =>
      checkDataForm(model.file.proto, dataset, wanted[index]?.where ?? 'teacher', 'matched'),
    ),
    ...(studentModel ? checkDataForm(studentModel.proto, dataset, fieldOf('student', experiment.student)) : []),
    ...(teacherModel ? checkDataForm(teacherModel.proto, dataset, 'teacher') : []),
  ];
  return {
    dataset,
    teachers,
    studentModel,
    teacherModel,
    outputShape,
    objective,
    warnings,
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

/** A teacher that is trained further learns the dataset's samples and classes as they are. */
function checkTrainedTeacher(experiment: Experiment): Problem[] {
  const teacher = teacherToTrain(experiment);
  if (!teacher || !('model' in teacher)) return [];
  return (['normalization', 'classes'] as const)
    .filter((field) => teacher[field] !== undefined)
    .map((field) => ({
      where: `teacher.${field}`,
      message: 'The teacher is trained further on this dataset, as the dataset has its samples and classes.',
      hint: 'Leave the field out, or do not train the teacher.',
    }));
}
