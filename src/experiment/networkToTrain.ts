import { isEstimator, type EstimatorOptions } from '../estimators/estimator.ts';
import type { Experiment, Student } from './schema.ts';

type Teacher = Exclude<Experiment['teacher'], null>;

/** A teacher that is trained on the labels before it teaches. */
export type TeacherToTrain = Exclude<Teacher, { readonly ensemble: unknown } | TeacherAtSites>;

/** Teachers of which only the outputs are known; see `Teachers.said`. */
export type TeacherAtSites = Extract<Teacher, { readonly sites: unknown }>;

/** A network that an experiment describes and that is going to be trained. */
export type NetworkToTrain = Student | TeacherToTrain;

/** The teacher when it is trained first: built, given a new head, or an existing one that is to be fine-tuned. */
export function teacherToTrain({ teacher }: Pick<Experiment, 'teacher'>): TeacherToTrain | undefined {
  if (!teacher || 'ensemble' in teacher || 'sites' in teacher) return undefined;
  if (!('model' in teacher)) return teacher;
  const { training, train, freeze, lastLayers } = teacher;
  return (training ?? train ?? freeze ?? lastLayers) ? teacher : undefined;
}

/** The teachers at sites, where the experiment has them. */
export function teachersAtSites({ teacher }: Pick<Experiment, 'teacher'>): TeacherAtSites | undefined {
  return teacher && 'sites' in teacher ? teacher : undefined;
}

/** The file that a network starts from; undefined where it needs none. */
export function fileToStartFrom(network: NetworkToTrain): string | undefined {
  if ('model' in network) return network.model;
  return 'extractor' in network ? network.extractor : undefined;
}

/** The field of the experiment that says what a network is made from. */
export function fieldOf(role: 'student' | 'teacher', network: NetworkToTrain): string {
  if ('model' in network) return `${role}.model`;
  if ('extractor' in network) return `${role}.extractor`;
  return 'shrink' in network ? `${role}.shrink` : role;
}

/** Whether how large a network becomes is decided by the data: trees are grown, and machines keep the rows that support them. */
export function isGrown(network: NetworkToTrain): boolean {
  const estimator = estimatorOf(network);
  return estimator !== undefined && estimator.architecture !== 'linear';
}

/** What a network is where it is fitted at once, by itself or as the head on an extractor's features. */
export function estimatorOf(network: NetworkToTrain): EstimatorOptions | undefined {
  const part = 'extractor' in network ? network.head : network;
  return 'architecture' in part && isEstimator(part) ? part : undefined;
}
