import { resolve } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/openDataset.ts';
import { classesOf, outputShapeOf } from '../data/task.ts';
import { BadInputError, DistilleryError, type Problem } from '../errors.ts';
import { checkTerms } from '../objectives/checkTerms.ts';
import type { ObjectiveTerm } from '../objectives/objectiveTerm.ts';
import { loadModel, type ModelFile } from '../onnx/file.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Shape } from '../onnx/tensor.ts';
import { modelOf, type InitialNetwork } from '../students/initialNetwork.ts';
import type { Teachers } from '../teacher/teach.ts';
import { loadNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { checkEngine, checkEngineOperators } from './checkEngine.ts';
import { checkTeacher } from './checkTeachers.ts';
import { checkTrainable } from './checkTrainable.ts';
import { labelsAlone, usualObjective } from './chooseObjective.ts';
import { buildInitialNetwork, type Ingredients } from './initialNetwork.ts';
import { lessonOf } from './lesson.ts';
import { networkFormOf } from './networkForm.ts';
import type { Experiment, Student } from './schema.ts';

/** Everything that a run needs, opened and found to fit together. */
export interface Prepared {
  readonly dataset: Dataset;
  /** The teachers that exist already; undefined when one is trained first or when there is none. */
  readonly teachers: Teachers | undefined;
  /** The file that the student starts from; undefined when Distillery builds it. */
  readonly studentModel: ModelFile | undefined;
  /** Dimensions of the student's output for one sample. */
  readonly outputShape: readonly number[];
  readonly objective: readonly ObjectiveTerm[];
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
  const problems: Problem[] = [...checkEngine(experiment), ...checkShrunkTeacher(experiment)];
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
  const sampleShape = dataset && { sampleShape: dataset.sampleShape };
  const members: { model: NetworkFile; weight: number }[] = [];
  for (const { where, model: path, output, weight } of existingTeachers(experiment)) {
    const model = await collect(where, () =>
      loadNetwork(resolve(options.baseDirectory, path), { ...sampleShape, ...(output !== undefined && { output }) }),
    );
    if (model) members.push({ model, weight });
  }
  const { student } = experiment;
  const studentModel =
    'model' in student
      ? await collect('student.model', () => loadModel(resolve(options.baseDirectory, student.model)))
      : undefined;
  const prepared = dataset && combine(experiment, { dataset, members, studentModel }, problems);
  if (problems.length > 0 || !prepared) {
    await dataset?.dispose();
    throw new BadInputError(problems);
  }
  return prepared;
}

/** The teachers that are files, the field that names each, and their shares. */
function existingTeachers({ teacher }: Experiment): readonly {
  readonly where: string;
  readonly model: string;
  readonly output: string | undefined;
  readonly weight: number;
}[] {
  if (!teacher || 'architecture' in teacher) return [];
  if ('model' in teacher) return [{ where: 'teacher.model', model: teacher.model, output: teacher.output, weight: 1 }];
  const total = teacher.ensemble.reduce((sum, { weight }) => sum + weight, 0);
  return teacher.ensemble.map(({ model, output, weight }, index) => ({
    where: `teacher.ensemble[${index}].model`,
    model,
    output,
    weight: weight / total,
  }));
}

interface Files {
  readonly dataset: Dataset;
  readonly members: Teachers['members'];
  readonly studentModel: ModelFile | undefined;
}

/** Checks that everything fits together. Adds to `problems`; undefined when not even the output's shape is known. */
function combine(experiment: Experiment, files: Files, problems: Problem[]): Prepared | undefined {
  const { dataset, members, studentModel } = files;
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
  const objective = experiment.objective ?? usualObjective(dataset.task.kind, experiment.teacher !== null);
  problems.push(...checkNetworks(experiment, { ...files, outputShape, objective }));
  const teachers = members.length > 0 ? { members } : undefined;
  return { dataset, teachers, studentModel, outputShape, objective };
}

/** Undefined when a dimension is open, or there is no shape at all. */
function knownShape(shape: Shape | undefined): readonly number[] | undefined {
  const known = shape?.filter((dimension) => typeof dimension === 'number');
  return known?.length === shape?.length ? known : undefined;
}

/** Problems of an error that was raised while `where` was read. Errors that are not about input are thrown again. */
function problemsOf(where: string, error: unknown): readonly Problem[] {
  if (error instanceof BadInputError) return error.problems;
  if (error instanceof DistilleryError && error.code !== 'INTERNAL' && error.code !== 'CANCELLED') {
    return [{ where, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }];
  }
  throw error;
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

interface Plan extends Files {
  readonly outputShape: readonly number[];
  readonly objective: readonly ObjectiveTerm[];
}

/**
 * Builds every network that is going to be trained, checks the objective against their values, and builds a training step of
 * those that Distillery has not designed.
 */
function checkNetworks({ engine, student, teacher, training }: Experiment, plan: Plan): Problem[] {
  const { dataset, members, outputShape, objective } = plan;
  const problems: Problem[] = [];
  const form = networkFormOf(dataset, outputShape);
  const build = (where: string, network: Student, models: Pick<Ingredients, 'model' | 'teacher'> = {}) => {
    try {
      const built = buildInitialNetwork(network, { form, seed: 0, ...models });
      if (!('architecture' in network)) {
        const lesson = lessonOf(dataset, outputShape, labelsAlone(dataset.task.kind));
        problems.push(...checkTrainable(built, lesson, training.batchSize, where));
      }
      problems.push(...checkEngineOperators({ engine, training }, built, dataset));
      return built;
    } catch (error) {
      problems.push(...problemsOf(where, error));
      return undefined;
    }
  };
  const trained = teacher && 'architecture' in teacher ? build('teacher', teacher) : undefined;
  const first = members[0]?.model;
  const buildFirst = (): InitialNetwork | undefined => {
    if ('architecture' in student) return build('student', student);
    if ('model' in student) {
      return plan.studentModel && build('student.model', student, { model: plan.studentModel.proto });
    }
    const model = trained ? modelOf(trained, new Map(), { name: 'teacher', metadata: {} }) : first?.file.proto;
    return model && build('student.shrink', student, { teacher: model });
  };
  const built = buildFirst();
  const terms = checkTerms(objective, {
    task: dataset.task.kind,
    classes: classesOf(dataset.task).length || undefined,
    batchSize: training.batchSize,
    teachers: teacher === null ? 0 : Math.max(1, members.length),
    features: featureShapes(built?.graph, trained?.graph ?? first?.graph),
    softTree: built?.softTree !== undefined,
  });
  return [...terms, ...problems];
}

/** Shapes of the networks' values by `student:NAME` and `teacher:NAME`; undefined while one of the two is not known. */
function featureShapes(student: Graph | undefined, teacher: Graph | undefined): Map<string, Shape> | undefined {
  if (!student || !teacher) return undefined;
  const shapesOf = (side: string, graph: Graph): readonly (readonly [string, Shape])[] =>
    [...graph.names].map((name) => [`${side}:${name}`, graph.value(name).shape]);
  return new Map([...shapesOf('student', student), ...shapesOf('teacher', teacher)]);
}
