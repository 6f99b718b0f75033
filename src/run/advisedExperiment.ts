import { batchesPerEpoch } from '../data/batches.ts';
import type { AdvisedExperiment } from '../evaluation/advice/adviseNext.ts';
import type { Experiment, SettledExperiment } from '../experiment/schema.ts';
import { settleExperiment } from '../experiment/settleExperiment.ts';
import { withoutTeacher } from '../objectives/chooseObjective.ts';
import type { Run } from './run.ts';

/** What of a run advice depends on. */
export function advisedExperiment({
  experiment,
  written,
  prepared,
}: Pick<Run, 'experiment' | 'written' | 'prepared'>): AdvisedExperiment {
  const { dataset } = prepared;
  return {
    student: experiment.student,
    epochs: experiment.training.epochs,
    length: lengthOf(experiment.training, written, dataset.training.count),
    withoutTeaching: withoutTeaching(experiment, prepared),
    isAugmented: experiment.augmentation !== undefined,
    isImages: dataset.samples.kind === 'values' && dataset.sampleShape.length === 3,
  };
}

/** A teacher stays: students are made of theirs, and the report compares with it. What only a teacher labels would be refused, and has to go from the file. */
function withoutTeaching(
  { dataset: { unlabelled, synthesize } }: SettledExperiment,
  { dataset, objective }: Run['prepared'],
): AdvisedExperiment['withoutTeaching'] {
  if (unlabelled !== undefined || synthesize !== undefined) return null;
  return { objective: withoutTeacher(objective, dataset.task.kind) };
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
