import type { EpochChoice } from '../../../report/choice.ts';
import { formatPercent } from '../../../report/format.ts';
import type { DrawToShares } from '../../../training/epochByParts/drawToShares.ts';
import { findEpochByParts, PARTS } from '../../../training/epochByParts/findEpochByParts.ts';
import type { TrainNetworkOptions } from '../../../training/trainNetworkOptions.ts';
import type { TrainStageOptions } from '../trainStageOptions.ts';
import { drawOf, judgePart } from './judgePart.ts';

/** The epoch that a training is to end with, how far what the network says is drawn to the shares of the classes then, and what speaks for both. */
export interface KeptEpoch {
  readonly epoch: number;
  /** Undefined where it is not drawn. */
  readonly draw: DrawToShares | undefined;
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
  const draw = drawOf(stage, options);
  const chosen = await findEpochByParts(options, {
    // What learns from labels beside a student of more samples sees each of its own again and again.
    labelledAt: (place) => (stage.training ? place % count : place),
    count,
    judgeOn: (part) => judgePart(stage, part, draw?.shares),
    onProgress: (done) => {
      onEvent({ kind: 'progress', phase, done, total: 1 });
    },
  });
  if (!chosen) return undefined;
  const { epoch, quality, own = 1 } = chosen;
  const isDrawn = draw !== undefined && own < 1;
  if (isDrawn) {
    onEvent({
      kind: 'phase',
      phase,
      message: `The ${network} is right hardly more often than whoever always says the largest class: it is drawn towards how often each class is, and ${formatPercent(own)} of its own logits is left`,
    });
  }
  return {
    epoch,
    draw: isDrawn ? { ...draw, own } : undefined,
    choice: { parts: PARTS, samples: count, ...quality, ...(isDrawn && { own }) },
  };
}

/** A training with all its steps, of which an epoch is kept. */
export function endingWith({ epoch, draw }: KeptEpoch, options: TrainNetworkOptions): TrainNetworkOptions {
  return { ...options, keptEpoch: epoch, draw, options: { ...options.options, automatic: undefined } };
}
