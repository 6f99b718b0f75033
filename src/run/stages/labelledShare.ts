import type { Dataset } from '../../data/dataset.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import type { Split } from '../../data/samples/split.ts';
import type { TrainingMaterial } from './featureStage.ts';

/**
 * What the baseline is trained on; undefined where that is all that the student is. Of a transfer set with samples without labels these are
 * the labelled ones, each as often in an epoch as makes the epoch as long as the student's: a student is to be better for what it is
 * taught, not for more steps. What is fitted at once has no epochs: it gets each of them once.
 */
export function labelledShare(
  { unlabelled, training }: Pick<Dataset, 'unlabelled' | 'training'>,
  material: Pick<TrainingMaterial, 'training'>,
  isFitted = false,
): Split | undefined {
  if (!unlabelled) return undefined;
  // Labelled samples come first.
  return selectSamples(
    material.training,
    Int32Array.from(
      { length: isFitted ? training.count : material.training.count },
      (_, index) => index % training.count,
    ),
  );
}
