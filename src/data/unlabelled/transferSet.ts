import type { Dataset } from '../dataset.ts';
import { joinSplits } from './joinSplits.ts';

const transferSets = new WeakMap<Dataset, Dataset>();

/**
 * The dataset with all that the student is taught on for its training split: the labelled samples, and behind them those without
 * labels. The dataset itself where there are none; the same object for the same dataset.
 */
export function transferSet(dataset: Dataset): Dataset {
  const { unlabelled } = dataset;
  if (!unlabelled) return dataset;
  const known = transferSets.get(dataset);
  if (known) return known;
  const whole = { ...dataset, training: joinSplits([dataset.training, unlabelled]) };
  transferSets.set(dataset, whole);
  return whole;
}
