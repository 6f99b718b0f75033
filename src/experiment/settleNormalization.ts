import { fileToStartFrom, teacherToTrain } from './networkToTrain.ts';
import type { Experiment } from './schema.ts';

/**
 * An experiment whose data are left as they are where a network that is trained on from a file takes them so, or sites see only their own part;
 * elsewhere `dataset.normalization` stays `auto`. A teacher that only answers is asked in the units that it knows.
 */
export function withSettledNormalization(experiment: Experiment): Experiment {
  const { dataset } = experiment;
  if (dataset.normalization !== 'auto' || !trainsOnDataAsTheyAre(experiment)) return experiment;
  return { ...experiment, dataset: { ...dataset, normalization: 'none' } };
}

function trainsOnDataAsTheyAre(experiment: Experiment): boolean {
  const { teacher, student, rounds } = experiment;
  if (rounds?.sites || fileToStartFrom(student) !== undefined) return true;
  if (!teacher) return false;
  if ('sites' in teacher) return true;
  const trained = teacherToTrain(experiment);
  if (trained) return fileToStartFrom(trained) !== undefined;
  return 'shrink' in student;
}
