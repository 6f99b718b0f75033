import { settleTraining, type Settled, type TrainingFacts } from '../training/budget/settleTraining.ts';
import { estimatorOf, type NetworkToTrain } from './networkToTrain.ts';
import type { Experiment, SettledExperiment, TrainingOptions } from './schema.ts';

/**
 * Decides whatever an experiment leaves to Distillery and that the dataset tells. What is written in the file stays.
 * @param options `isEnlarged`: whether there is more to learn from than labels: samples that are changed at random, made, or have none
 */
export function settleExperiment(
  experiment: Experiment,
  dataset: { readonly training: { readonly count: number } },
  { isEnlarged = false }: { readonly isEnlarged?: boolean } = {},
): SettledExperiment {
  const { training, student, rounds } = experiment;
  return { ...experiment, training: settleTrainingOf(training, student, dataset, isEnlarged, rounds?.workers) };
}

/** Decides whatever the training of a network on a dataset leaves to Distillery. @param workers that share the samples, in rounds */
export function settleTrainingOf(
  training: TrainingOptions,
  network: NetworkToTrain,
  dataset: { readonly training: { readonly count: number } },
  isEnlarged = false,
  workers = 1,
): Settled<TrainingOptions> {
  const facts = { samples: dataset.training.count, start: startOf(network), isEnlarged, workers };
  const settled = settleTraining(training, facts);
  // What is fitted at once has no steps whose number could be found.
  return estimatorOf(network) ? { ...settled, automatic: undefined } : settled;
}

/** What was decided, in words; undefined where the file decides everything, and that is done. @param whose 'the student', 'the teacher' */
export function describeSettled(
  written: TrainingOptions,
  settled: Settled<TrainingOptions>,
  whose: string,
): string | undefined {
  const { automatic, batchSize } = settled;
  // With a number of epochs, batch size and learning rate are fixed defaults, which the file's fields say.
  const decided = [
    ...(automatic
      ? [
          `at most ${settled.epochs} epochs, fewer when the validation loss does not fall for ${automatic.patienceSteps} steps`,
        ]
      : []),
    ...(automatic && written.batchSize === 'auto' ? [`batches of ${batchSize}`] : []),
    ...(written.batchSize !== 'auto' && batchSize < written.batchSize
      ? [`batches of ${batchSize} instead of ${written.batchSize}, because there are no more samples`]
      : []),
    ...(automatic && written.learningRate === 'auto' ? [`learning rate ${settled.learningRate}`] : []),
  ];
  return decided.length === 0 ? undefined : `Training of ${whose}, decided from the data: ${decided.join('; ')}`;
}

function startOf(network: NetworkToTrain): TrainingFacts['start'] {
  if ('shrink' in network) return 'trained';
  if ('model' in network) return 'trained';
  return 'architecture' in network && network.architecture === 'transformer' ? 'attention' : 'new';
}
