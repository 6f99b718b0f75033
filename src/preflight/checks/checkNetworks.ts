import { classesOf, type Task } from '../../data/task.ts';
import type { Problem } from '../../errors.ts';
import { checkTerms, costlyTerms, type TermContext } from '../../objectives/checkTerms.ts';
import type { ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import type { Graph } from '../../onnx/graph.ts';
import { opsetProblem } from '../../onnx/exporting/olderOpset.ts';
import type { Shape } from '../../onnx/tensor.ts';
import { modelOf, wholeGraph, writtenGraph, type InitialNetwork } from '../../students/initialNetwork.ts';
import { fittingProblems } from '../../training/fitting/fittedTerms.ts';
import { checkAware } from './checkAware.ts';
import { checkEngineOperators } from './checkEngine.ts';
import { checkExtractor } from './checkExtractor.ts';
import { checkQueues } from './checkQueues.ts';
import { checkTopK } from './checkTopK.ts';
import { checkTrainable } from './checkTrainable.ts';
import { labelsAlone, usualObjective } from '../../objectives/chooseObjective.ts';
import { buildInitialNetwork, type Ingredients } from '../networks/buildInitialNetwork.ts';
import { trainingTaskOf } from '../networks/trainingTaskOf.ts';
import { networkFormOf } from '../networks/networkFormOf.ts';
import { fieldOf, fileToStartFrom, teacherToTrain, type NetworkToTrain } from '../../experiment/networkToTrain.ts';
import type { Files } from '../prepared.ts';
import { problemsOf } from '../problemsOf.ts';
import type { Experiment, SettledExperiment } from '../../experiment/schema.ts';

interface Plan extends Files {
  readonly outputShape: readonly number[];
  readonly objective: readonly ObjectiveTerm[];
}

/**
 * Builds every network that is going to be trained, checks the objective against their values, and builds a training step of
 * those that Distillery has not designed. Warnings are of what works but takes much time or memory.
 */
export function checkNetworks(
  experiment: SettledExperiment,
  plan: Plan,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const { student, teacher, training } = experiment;
  const { dataset, members, outputShape, objective } = plan;
  const problems: Problem[] = [];
  const form = networkFormOf(dataset, outputShape);
  const build = (network: NetworkToTrain, ingredients: Pick<Ingredients, 'role' | 'model' | 'teacher'>) => {
    const where = fieldOf(ingredients.role, network);
    try {
      const built = buildInitialNetwork(network, { form, seed: 0, ...ingredients });
      problems.push(...checkNetwork(experiment, built, plan, where));
      return built;
    } catch (error) {
      problems.push(...problemsOf(where, error));
      return undefined;
    }
  };
  const firstTeacher = teacherToTrain(experiment);
  // A file that could not be read was told already, here as of the student.
  const isUnread = firstTeacher && fileToStartFrom(firstTeacher) !== undefined && !plan.teacherModel;
  const trained =
    firstTeacher && !isUnread ? build(firstTeacher, { role: 'teacher', model: plan.teacherModel?.proto }) : undefined;
  const first = members[0]?.model;
  const buildStudent = (): InitialNetwork | undefined => {
    if (fileToStartFrom(student) !== undefined) {
      return plan.studentModel && build(student, { role: 'student', model: plan.studentModel.proto });
    }
    if (!('shrink' in student)) return build(student, { role: 'student' });
    const model = trained ? modelOf(trained, new Map(), { name: 'teacher', metadata: {} }) : first?.file.proto;
    return model && build(student, { role: 'student', teacher: model });
  };
  const built = buildStudent();
  const context: TermContext = {
    task: dataset.task.kind,
    classes: classesOf(dataset.task).length || undefined,
    batchSize: training.batchSize,
    teachers: teacher === null ? 0 : Math.max(1, members.length),
    samples: dataset.training.count,
    features: featureShapes(built?.graph, trained ? wholeGraph(trained) : first?.graph),
    softTree: built?.softTree !== undefined,
  };
  return {
    problems: [
      ...checkTerms(objective, context),
      ...problems,
      ...checkFitted(experiment, built, plan),
      ...checkFittedTeacher(trained, dataset.task.kind),
      ...checkTopK(experiment, dataset.task, objective),
      ...checkQueues(experiment, objective),
      ...checkOpset(experiment, built),
      ...checkAware(experiment, built),
    ],
    warnings: costlyTerms(objective, context),
  };
}

/** What keeps a student that is fitted at once from being fitted as the experiment asks. */
function checkFitted(
  { quantization, augmentation }: SettledExperiment,
  student: InitialNetwork | undefined,
  { dataset, objective }: Plan,
): Problem[] {
  if (!student?.estimator) return [];
  const name = student.estimator.architecture;
  const problems = [...fittingProblems(name, 'student', objective, dataset.task.kind)];
  if (quantization) {
    problems.push({
      where: 'quantization',
      message: `A ${name} is not written in int8 or float16: it has no layers whose weights would be.`,
      hint: "Leave 'quantization' out.",
    });
  }
  if (augmentation) {
    problems.push({
      where: 'augmentation',
      message: `A ${name} is fitted once to the samples as they are; they are not changed from epoch to epoch.`,
      hint: "Leave 'augmentation' out; for tables, 'dataset.synthesize' makes more rows.",
    });
  }
  return problems;
}

/** What keeps a teacher that is fitted at once from being fitted to the labels. */
function checkFittedTeacher(teacher: InitialNetwork | undefined, task: Task['kind']): Problem[] {
  return teacher?.estimator ? fittingProblems(teacher.estimator.architecture, 'teacher', labelsAlone(task), task) : [];
}

/** Whether the operator set that the student is to be written in has all that it needs. */
function checkOpset({ export: { opset } }: Experiment, student: InitialNetwork | undefined): Problem[] {
  const problem = student && opset !== undefined ? opsetProblem(writtenGraph(student), opset) : undefined;
  return problem ? [{ where: 'export.opset', ...problem }] : [];
}

/** What keeps a network from being trained on the dataset, or the engine from training it. */
function checkNetwork(
  { engine, training }: SettledExperiment,
  network: InitialNetwork,
  { dataset, outputShape }: Plan,
  where: string,
): Problem[] {
  const { front, source, trainable, estimator } = network;
  if (estimator && !front) return [];
  if (front) {
    const features = { samples: { kind: 'values' }, sampleShape: front.featureShape } as const;
    return [...checkExtractor(front, dataset, where), ...checkEngineOperators({ engine, training }, network, features)];
  }
  // Where there are no labels, what the student is to match stands for them.
  const labels = labelsAlone(dataset.task.kind);
  const objective = labels.length > 0 ? labels : usualObjective(dataset.task.kind, true);
  const trainingTask = trainingTaskOf(dataset, outputShape, objective);
  const fromElsewhere = source !== undefined || trainable !== undefined;
  return [
    ...(fromElsewhere ? checkTrainable(network, trainingTask, training.batchSize, where) : []),
    ...checkEngineOperators({ engine, training }, network, dataset),
  ];
}

/** Shapes of the networks' values by `student:NAME` and `teacher:NAME`; undefined while one of the two is not known. */
function featureShapes(student: Graph | undefined, teacher: Graph | undefined): Map<string, Shape> | undefined {
  if (!student || !teacher) return undefined;
  const shapesOf = (side: string, graph: Graph): readonly (readonly [string, Shape])[] =>
    [...graph.names].map((name) => [`${side}:${name}`, graph.value(name).shape]);
  return new Map([...shapesOf('student', student), ...shapesOf('teacher', teacher)]);
}
