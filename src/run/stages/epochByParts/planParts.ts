import type { Graph } from '../../../onnx/graph.ts';
import { MOST_CROSS_FITTED } from '../../../preflight/crossFitting.ts';
import { tellsLittle } from '../../../preflight/tellsLittle.ts';
import { costOfStep, MACS_PER_TRIAL, plannedTraining } from '../../../preflight/trainingCost.ts';
import { PARTS } from '../../../training/epochByParts/findEpochByParts.ts';
import type { BatchAugmentation } from '../../../training/augmentation/batchAugmentation.ts';
import type { Experiment, SettledExperiment } from '../../../experiment/schema.ts';
import type { Run } from '../../run.ts';
import type { TrainingMaterial } from '../featureStage.ts';

/** A training of which parts may be asked for the epoch that is kept. */
interface PartedTraining {
  /** As the file has it. */
  readonly written: Experiment['training'];
  readonly options: SettledExperiment['training'];
  /** With the samples that are learned from, the labelled ones first. */
  readonly material: TrainingMaterial;
  readonly graph: Graph;
  readonly batchAugmentation: BatchAugmentation | undefined;
  /** Whether teachers are asked about every batch anew. */
  readonly isAskedAnew?: boolean | undefined;
}

/**
 * How many samples are divided into parts that tell which epoch of a training is kept: all with labels, where the file leaves the length of
 * the training open, too few were set aside to tell epochs apart, and training a network for each part takes a minute at most. It counts
 * steps and what they compute, so that two runs of one seed do alike.
 *
 * @returns undefined where the validation split decides
 */
export function labelsToPart(run: Run, training: PartedTraining): number | undefined {
  const { material, batchAugmentation, isAskedAnew = false } = training;
  const isAltered = batchAugmentation !== undefined || isAskedAnew;
  if (!tellsLittle(material.validation) || isAltered || !isOpen(training) || !mayBeDivided(run)) return undefined;
  const plan = plannedTraining(training.options, material.training.count, training.graph);
  const each = plan.steps * costOfStep(plan) + MACS_PER_TRIAL;
  // Of a dataset that a part was taken of, or that a teacher is trained on without a part, what is there.
  const { count } = material.training;
  return PARTS * each <= MOST_CROSS_FITTED ? Math.min(count, run.prepared.dataset.training.count) : undefined;
}

/** The same for a student or its baseline. */
export function labelsOfStudent(run: Run, training: Omit<PartedTraining, 'written' | 'options'>): number | undefined {
  return labelsToPart(run, { ...training, written: run.written.training, options: run.experiment.training });
}

function isOpen({ written }: PartedTraining): boolean {
  const { epochs, maxSteps, maxMinutes, targetAccuracy, patience } = written;
  return epochs === 'auto' && [maxSteps, maxMinutes, targetAccuracy, patience].every((limit) => limit === undefined);
}

/** Samples that belong together, or follow each other, are no parts of their own; and what several do together is not done five times more. */
function mayBeDivided({ experiment, prepared: { dataset } }: Run): boolean {
  const {
    rounds,
    engine,
    dataset: { split, exclude },
  } = experiment;
  const { task, training } = dataset;
  const isKnown = task.kind === 'classification' || task.kind === 'multi-label' || task.kind === 'regression';
  const isGrouped = split?.group !== undefined || split?.time !== undefined || exclude !== undefined;
  return isKnown && !isGrouped && rounds === undefined && engine === 'onnxruntime' && training.stream === undefined;
}
