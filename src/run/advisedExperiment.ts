import { batchesPerEpoch } from '../data/batches.ts';
import type { AdvisedExperiment } from '../evaluation/advice/adviseNext.ts';
import type { Experiment, SettledExperiment } from '../experiment/schema.ts';
import { settleExperiment } from '../experiment/settleExperiment.ts';
import type { Run } from './run.ts';

/** What of a run advice depends on. */
export function advisedExperiment({
  experiment,
  written,
  prepared: { dataset },
}: Pick<Run, 'experiment' | 'written' | 'prepared'>): AdvisedExperiment {
  return {
    student: experiment.student,
    epochs: experiment.training.epochs,
    length: lengthOf(experiment.training, written, dataset.training.count),
    isAugmented: experiment.augmentation !== undefined,
    isImages: dataset.samples.kind === 'values' && dataset.sampleShape.length === 3,
  };
}

/** How long a training is, against one whose length is left to the run. */
function lengthOf(
  training: SettledExperiment['training'],
  written: Experiment,
  samples: number,
): AdvisedExperiment['length'] {
  if (written.training.epochs === 'auto') return 'auto';
  const open = { ...written, training: { ...written.training, epochs: 'auto' } } as const;
  const planned = settleExperiment(open, { training: { count: samples } }).training;
  const stepsOf = ({ epochs, batchSize }: SettledExperiment['training']): number =>
    epochs * batchesPerEpoch(samples, batchSize);
  return stepsOf(training) < stepsOf(planned) ? 'fewer' : 'more';
}
