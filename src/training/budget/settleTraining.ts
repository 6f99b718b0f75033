import { batchesPerEpoch } from '../../data/batches.ts';

/** What of a training may be left to Distillery. */
export interface OpenTraining {
  readonly epochs: number | 'auto';
  readonly batchSize: number | 'auto';
  readonly learningRate: number | 'auto';
  readonly optimizer: 'adam' | 'adamw' | 'sgd' | 'lamb' | 'lion';
}

/** How a training that was left to Distillery ends before its last planned step. */
export interface AutomaticLength {
  /** Steps without a better validation loss that are borne. */
  readonly patienceSteps: number;
}

/** A training in which every number is decided. */
export type Settled<Training extends OpenTraining> = Omit<Training, 'epochs' | 'batchSize' | 'learningRate'> & {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Where the length was left to Distillery; `epochs` are the most then. */
  readonly automatic?: AutomaticLength | undefined;
};

/** What the decisions depend on. */
export interface TrainingFacts {
  /** Of the training split. */
  readonly samples: number;
  /** What the network is: it starts from weights that were trained before, it has attention, or neither. */
  readonly start: 'trained' | 'attention' | 'new';
  /** Whether there is more to learn from than labels (samples that are changed at random, made, or have none), which takes longer. */
  readonly isEnlarged?: boolean | undefined;
  /** Workers that share the samples and rarely speak with each other; 1 where it is left out. */
  readonly workers?: number | undefined;
}

/** Fewer steps than these leave students of a few hundred rows untrained: 10 epochs of 550 rows are 43. */
const FEWEST_STEPS = 3000;
/** Of a large dataset, so that a first run ends the same hour. */
const MOST_STEPS = 12_000;
/** How often every sample is seen, between those bounds; and at least, beyond them. */
const USUAL_EPOCHS = 30;
const FEWEST_EPOCHS = 3;
/** Times as many steps where there is more to learn from: consistent teaching pays late (Beyer et al., arXiv 2106.05237). */
const ENLARGED = 3;

/** Share of the planned steps without a better validation loss after which the learning rate is brought down. */
const PATIENCE = 0.2;
const FEWEST_PATIENT_EPOCHS = 5;

/** Usual step sizes of networks with new weights. */
const LEARNING_RATES: Readonly<Record<OpenTraining['optimizer'], number>> = {
  adam: 0.001,
  adamw: 0.001,
  sgd: 0.05,
  lamb: 0.002,
  lion: 0.0002,
};

const WITH_COUNTED_EPOCHS = { batchSize: 128, learningRate: 0.001 };

/** Trained weights are only adjusted, and attention diverges sooner. */
const SLOWER: Readonly<Record<TrainingFacts['start'], number>> = { trained: 0.3, attention: 0.5, new: 1 };

/**
 * Decides every number of a training that its file leaves open; what is written in the file stays, but that a batch has no more samples than
 * there are: more would only repeat them, and take memory for it.
 */
export function settleTraining<Training extends OpenTraining>(
  training: Training,
  { samples, start, isEnlarged = false, workers = 1 }: TrainingFacts,
): Settled<Training> {
  // A file that counts its epochs counts on the steps and the rate that it always had.
  const isOpen = training.epochs === 'auto';
  const usual = isOpen
    ? { batchSize: usualBatchSize(samples), learningRate: LEARNING_RATES[training.optimizer] * SLOWER[start] }
    : WITH_COUNTED_EPOCHS;
  const wanted = training.batchSize === 'auto' ? usual.batchSize : training.batchSize;
  const batchSize = Math.max(1, Math.min(wanted, Math.floor(samples / workers)));
  // Each of several workers does fewer steps, and the mean of what they came to scatters less: it bears, and needs, larger ones.
  const learningRate =
    training.learningRate === 'auto' ? usual.learningRate * Math.sqrt(workers) : training.learningRate;
  const decided = { ...training, batchSize, learningRate };
  if (training.epochs !== 'auto') return { ...decided, epochs: training.epochs };
  const stepsPerEpoch = batchesPerEpoch(samples, batchSize);
  const longer = isEnlarged ? ENLARGED : 1;
  const steps = Math.min(MOST_STEPS, longer * Math.max(FEWEST_STEPS, USUAL_EPOCHS * stepsPerEpoch));
  const epochs = Math.max(FEWEST_EPOCHS, Math.ceil(steps / stepsPerEpoch));
  const planned = epochs * stepsPerEpoch;
  const patienceSteps = Math.max(FEWEST_PATIENT_EPOCHS * stepsPerEpoch, Math.ceil(PATIENCE * planned));
  return { ...decided, epochs, automatic: { patienceSteps } };
}

/** About a fortieth of the samples, as a power of two: small datasets need noisy gradients, large ones full vectors. */
function usualBatchSize(samples: number): number {
  const power = 2 ** Math.round(Math.log2(Math.max(1, samples / 40)));
  return Math.min(128, Math.max(32, power));
}
