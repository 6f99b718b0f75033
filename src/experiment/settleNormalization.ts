import { fileToStartFrom } from './networkToTrain.ts';
import type { Experiment } from './schema.ts';

/**
 * An experiment whose data are left as they are where a network that exists takes them so, or sites that see only their own part; elsewhere
 * `dataset.normalization` stays `auto`.
 */
export function withSettledNormalization(experiment: Experiment): Experiment {
  const { dataset } = experiment;
  if (dataset.normalization !== 'auto' || !takesDataAsTheyAre(experiment)) return experiment;
  return { ...experiment, dataset: { ...dataset, normalization: 'none' } };
}

function takesDataAsTheyAre({ teacher, student, rounds }: Experiment): boolean {
  if (rounds?.sites || fileToStartFrom(student) !== undefined) return true;
  if (!teacher) return false;
  return 'sites' in teacher || 'ensemble' in teacher || fileToStartFrom(teacher) !== undefined;
}
