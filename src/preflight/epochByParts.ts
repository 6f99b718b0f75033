import type { Task } from '../data/task.ts';
import type { Experiment } from '../experiment/schema.ts';
import { PARTS } from '../training/epochByParts/findEpochByParts.ts';
import { MOST_CROSS_FITTED } from './crossFitting.ts';
import { tellsLittle } from './tellsLittle.ts';
import { costOfStep, MACS_PER_TRIAL, type PlannedTraining } from './trainingCost.ts';

/** A training that may be asked on parts of its samples which of its epochs is kept. */
export interface PartedTraining {
  /** Of the network, as the file has it. */
  readonly training: Experiment['training'];
  readonly task: Task['kind'];
  /** Samples set aside to validate on. */
  readonly validation: number;
  readonly planned: PlannedTraining;
}

/**
 * Whether parts of its samples decide which epoch of a training is kept: where the file leaves its length open, too few samples were set aside to
 * tell epochs apart, each sample stands for itself, and training a network for each part takes a minute at most. It counts steps and what they
 * compute, so that two runs of one seed do alike.
 *
 * @param written the experiment as its file has it
 */
export function mayBeParted(written: Experiment, { training, task, validation, planned }: PartedTraining): boolean {
  const each = planned.steps * costOfStep(planned) + MACS_PER_TRIAL;
  const isSoonDone = PARTS * each <= MOST_CROSS_FITTED;
  return tellsLittle({ count: validation }) && isOpen(training) && isDivisible(written, task) && isSoonDone;
}

function isOpen({ epochs, maxSteps, maxMinutes, targetAccuracy, patience }: Experiment['training']): boolean {
  return epochs === 'auto' && [maxSteps, maxMinutes, targetAccuracy, patience].every((limit) => limit === undefined);
}

/** Samples that belong together, or follow each other, are no parts of their own; and what several do together is not done five times more. */
function isDivisible({ rounds, engine, augmentation, dataset }: Experiment, task: Task['kind']): boolean {
  const { split, exclude } = dataset;
  const isKnown = task === 'classification' || task === 'multi-label' || task === 'regression';
  const isGrouped = split?.group !== undefined || split?.time !== undefined || exclude !== undefined;
  return isKnown && !isGrouped && augmentation === undefined && rounds === undefined && engine === 'onnxruntime';
}
