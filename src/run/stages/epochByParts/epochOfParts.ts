import type { Split } from '../../../data/samples/split.ts';
import { truthOf } from '../../../data/truth.ts';
import { measureOutputs } from '../../../evaluation/measureOutputs.ts';
import type { EpochChoice } from '../../../report/choice.ts';
import type { Quality } from '../../../report/quality.ts';
import { findEpochByParts, PARTS } from '../../../training/epochByParts/findEpochByParts.ts';
import type { TrainNetworkOptions } from '../../../training/trainNetworkOptions.ts';
import type { TrainStageOptions } from '../trainStageOptions.ts';

/** The epoch that a training is to end with, and what speaks for it. */
export interface KeptEpoch {
  readonly epoch: number;
  readonly choice: EpochChoice;
}

/**
 * The epoch that parts of the training samples speak for, where these are to be asked.
 * @returns undefined where the validation split decides: by default, where the run is stopped meanwhile, or where the training of a part diverges
 */
export async function epochOfParts(
  stage: TrainStageOptions,
  options: TrainNetworkOptions,
): Promise<KeptEpoch | undefined> {
  const { partedLabels: count, network, dataset, onEvent } = stage;
  if (count === undefined || stage.rounds) return undefined;
  const phase = network === 'teacher' ? 'train-teacher' : network;
  onEvent({
    kind: 'phase',
    phase,
    message: `${dataset.validation.count} samples to validate on tell little: networks that are trained without a part of the ${count} training samples, ${PARTS} in turn, tell which epoch of the ${network} is kept`,
  });
  const chosen = await findEpochByParts(options, {
    // What learns from labels beside a student of more samples sees each of its own again and again.
    labelledAt: (place) => (stage.training ? place % count : place),
    count,
    judgeOn: (split) => judgeOn(stage, split),
    onProgress: (done) => {
      onEvent({ kind: 'progress', phase, done, total: 1 });
    },
  });
  return chosen && { epoch: chosen.epoch, choice: { parts: PARTS, samples: count, ...chosen.quality } };
}

/** A training with all its steps, of which an epoch is kept. */
export function endingWith({ epoch }: KeptEpoch, options: TrainNetworkOptions): TrainNetworkOptions {
  return { ...options, keptEpoch: epoch, options: { ...options.options, automatic: undefined } };
}

/** What judges logits for the samples of a split. */
export async function judgeOn(
  { dataset: { task, sampleShape }, teacherValidation }: TrainStageOptions,
  split: Split,
): Promise<(outputs: Float32Array) => Quality> {
  const truth = await truthOf(split, sampleShape);
  return (outputs) => {
    const judged = measureOutputs(task, outputs, truth, { outputs: 'logits', teacherOutputs: teacherValidation });
    return { accuracy: judged.accuracy, loss: judged.loss };
  };
}
