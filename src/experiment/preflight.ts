import { resolve } from 'node:path';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/openDataset.ts';
import { BadInputError, DistilleryError, type Problem } from '../errors.ts';
import { needsTeacher } from '../objectives/buildObjective.ts';
import { loadModel, type ModelFile } from '../onnx/file.ts';
import { modelOf } from '../students/initialNetwork.ts';
import { loadClassifier, type Classifier } from '../training/engines/classifier.ts';
import { checkEngine, checkEngineOperators } from './checkEngine.ts';
import { checkTrainable } from './checkTrainable.ts';
import { buildInitialNetwork, type Ingredients } from './initialNetwork.ts';
import type { Experiment, Student } from './schema.ts';

/** Everything that a run needs, opened and found to fit together. */
export interface Prepared {
  readonly dataset: Dataset;
  /** The teacher that exists already; undefined when it is trained first or when there is none. */
  readonly teacher: Classifier | undefined;
  /** The file that the student starts from; undefined when Distillery builds it. */
  readonly studentModel: ModelFile | undefined;
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
    ...checkObjective(experiment),
    ...checkEngine(experiment),
    ...checkShrunkTeacher(experiment),
  ];
  const collect = async <Result>(where: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(...problemsOf(where, error));
      return undefined;
    }
  };
  const { teacher: wanted } = experiment;
  const teacher =
    wanted && 'model' in wanted
      ? await collect('teacher.model', () => loadClassifier(resolve(options.baseDirectory, wanted.model)))
      : undefined;
  const { student } = experiment;
  const studentModel =
    'model' in student
      ? await collect('student.model', () => loadModel(resolve(options.baseDirectory, student.model)))
      : undefined;
  const dataset = await collect('dataset.path', () =>
    openDataset(experiment.dataset, {
      baseDirectory: options.baseDirectory,
      seed: experiment.training.seed,
      signal: options.signal,
      onProgress: options.onProgress,
    }),
  );
  if (dataset && teacher) problems.push(...checkTeacher(teacher, dataset));
  if (dataset) problems.push(...checkNetworks(experiment, dataset, { teacher, studentModel }));
  if (problems.length > 0 || !dataset) {
    await dataset?.dispose();
    throw new BadInputError(problems);
  }
  return { dataset, teacher, studentModel };
}

/** Problems of an error that was raised while `where` was read. Errors that are not about input are thrown again. */
function problemsOf(where: string, error: unknown): readonly Problem[] {
  if (error instanceof BadInputError) return error.problems;
  if (error instanceof DistilleryError && error.code !== 'INTERNAL' && error.code !== 'CANCELLED') {
    return [{ where, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }];
  }
  throw error;
}

function checkObjective({ teacher, objective }: Experiment): Problem[] {
  const problems: Problem[] = [];
  if (!objective.some((term) => term.weight > 0)) {
    problems.push({
      where: 'objective',
      message: 'Every term has weight 0, so nothing would be learned.',
      hint: 'Give at least one term a weight above 0.',
    });
  }
  if (teacher === null) {
    objective.forEach((term, index) => {
      if (!needsTeacher(term)) return;
      problems.push({
        where: `objective[${index}]`,
        message: `The loss '${term.loss}' compares with a teacher, but teacher is null.`,
        hint: "Name a teacher, or use the loss 'labels' alone.",
      });
    });
  }
  return problems;
}

function checkTeacher(teacher: Classifier, dataset: Dataset): Problem[] {
  const problems: Problem[] = [];
  const shape = `[${dataset.sampleShape.join(', ')}]`;
  const elements = (dimensions: readonly number[]): number =>
    dimensions.reduce((product, dimension) => product * dimension, 1);
  const flattened = teacher.sampleShape.length === 1 && teacher.sampleShape[0] === elements(dataset.sampleShape);
  if (!flattened && teacher.sampleShape.join() !== dataset.sampleShape.join()) {
    problems.push({
      where: 'teacher.model',
      message: `The teacher takes samples of shape [${teacher.sampleShape.join(', ')}], but those of the dataset have shape ${shape}.`,
      hint: 'Choose the dataset that the teacher was trained on, or a teacher for this dataset.',
    });
  }
  if (teacher.classes !== dataset.classes.length) {
    problems.push({
      where: 'teacher.model',
      message: `The teacher's output '${teacher.output}' has ${teacher.classes} classes, but the dataset has ${dataset.classes.length} (${someOf(dataset.classes)}).`,
      hint: 'Teacher and dataset must have the same classes in the same order.',
    });
  }
  return problems;
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

/** Builds every network that is going to be trained, and a training step of those that Distillery has not designed. */
function checkNetworks(
  { engine, student, teacher, training }: Experiment,
  dataset: Dataset,
  files: Pick<Prepared, 'teacher' | 'studentModel'>,
): Problem[] {
  const problems: Problem[] = [];
  const build = (where: string, network: Student, models: Pick<Ingredients, 'model' | 'teacher'> = {}) => {
    try {
      const built = buildInitialNetwork(network, { dataset, seed: 0, ...models });
      if (!('architecture' in network)) {
        problems.push(...checkTrainable(built, dataset, training.batchSize, where));
      }
      problems.push(...checkEngineOperators({ engine, training }, built, dataset));
      return built;
    } catch (error) {
      problems.push(...problemsOf(where, error));
      return undefined;
    }
  };
  const trained = teacher && 'architecture' in teacher ? build('teacher', teacher) : undefined;
  if ('architecture' in student) {
    build('student', student);
  } else if ('model' in student) {
    if (files.studentModel) build('student.model', student, { model: files.studentModel.proto });
  } else {
    const model = trained ? modelOf(trained, new Map(), { name: 'teacher', metadata: {} }) : files.teacher?.file.proto;
    if (model) build('student.shrink', student, { teacher: model });
  }
  return problems;
}

function someOf(classes: readonly string[]): string {
  const some = classes.slice(0, 5).join(', ');
  return classes.length > 5 ? `${some}, …` : some;
}
