import type { Samples, Task } from '../data/task.ts';
import { elementCount } from '../onnx/tensor.ts';
import { featurePairsOf, needsTeacher, preparedTargetsOf, type ObjectiveTerm } from '../objectives/objectiveTerm.ts';

/** What a network is trained to do, whatever trains it. */
export interface TrainingTask {
  readonly task: Task['kind'];
  readonly samples: Samples;
  readonly sampleShape: readonly number[];
  /** Dimensions of the network's output for one sample. */
  readonly outputShape: readonly number[];
  readonly objective: readonly ObjectiveTerm[];
  /** Whether some samples have no labels, but `NO_LABEL`: terms that need labels then count the others alone. */
  readonly unlabelled?: boolean | undefined;
  /** Weights of the teachers, which sum to 1; one teacher by default. */
  readonly teacherWeights?: readonly number[] | undefined;
  /** Dimensions, for one sample, of the values inside the teacher that terms compare with, by name. */
  readonly teacherFeatures?: ReadonlyMap<string, readonly number[]> | undefined;
  /** Where the network is a soft decision tree: the weight of its balance penalty. */
  readonly softTree?: { readonly penalty: number } | undefined;
}

/** Dimensions of the labels that a step is fed for one sample; undefined where it takes none. */
export function labelShapeOf({ task, outputShape }: TrainingTask): readonly number[] | undefined {
  return task === 'matching' ? undefined : outputShape;
}

/** What a step is fed of the teachers, and its dimensions for one sample. */
export function teachingShapes(trainingTask: TrainingTask): ReadonlyMap<string, readonly number[]> {
  const { objective, outputShape, teacherWeights = [1], teacherFeatures } = trainingTask;
  if (!objective.some(needsTeacher)) return new Map();
  const shapes = new Map<string, readonly number[]>();
  teacherWeights.forEach((_weight, index) => shapes.set(teacherInput(index), outputShape));
  for (const target of preparedTargetsOf(objective).keys()) shapes.set(targetInput(target), outputShape);
  for (const { pair } of objective.flatMap(featurePairsOf)) {
    const { teacher } = pair;
    shapes.set(featureInput(teacher), teacherFeatures?.get(teacher) ?? []);
  }
  return shapes;
}

/** Bytes of what a step is fed for one sample: the sample, its labels and what teachers make of it. */
export function bytesOfSample(task: TrainingTask): number {
  const shapes = [task.sampleShape, labelShapeOf(task) ?? [0], ...teachingShapes(task).values()];
  return 4 * shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** The step's input for the outputs of a teacher, counted from 0. */
export function teacherInput(index: number): string {
  return `teacher.${index}`;
}

/** The step's input for a target that was prepared from the teachers' outputs. */
export function targetInput(name: string): string {
  return `target:${name}`;
}

/** The step's input for a value inside the teacher. */
export function featureInput(name: string): string {
  return `teacher:${name}`;
}
