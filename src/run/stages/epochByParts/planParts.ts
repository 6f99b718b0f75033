import type { Experiment, SettledExperiment } from '../../../experiment/schema.ts';
import type { Graph } from '../../../onnx/graph.ts';
import { mayBeParted } from '../../../preflight/epochByParts.ts';
import { plannedTraining } from '../../../preflight/trainingCost.ts';
import type { BatchAugmentation } from '../../../training/augmentation/batchAugmentation.ts';
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
 * How many samples are divided into parts that tell which epoch of a training is kept: all with labels, where `mayBeParted` says so and no sample is
 * changed at random.
 *
 * @returns undefined where the validation split decides
 */
export function labelsToPart(run: Run, training: PartedTraining): number | undefined {
  const { written, options, material, graph, batchAugmentation, isAskedAnew = false } = training;
  const { dataset } = run.prepared;
  const { count } = material.training;
  const isAltered = batchAugmentation !== undefined || isAskedAnew;
  if (isAltered || dataset.training.stream !== undefined) return undefined;
  const isParted = mayBeParted(run.written, {
    training: written,
    task: dataset.task.kind,
    validation: material.validation.count,
    planned: plannedTraining(options, count, graph),
  });
  // A teacher may be trained without a part of the samples, whose answers are to be had of another.
  return isParted ? Math.min(count, dataset.training.count) : undefined;
}

/** The same for a student or its baseline. */
export function labelsOfStudent(run: Run, training: Omit<PartedTraining, 'written' | 'options'>): number | undefined {
  return labelsToPart(run, { ...training, written: run.written.training, options: run.experiment.training });
}
