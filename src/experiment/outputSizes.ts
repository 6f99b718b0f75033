import { classesOf } from '../data/task.ts';
import { featurePairsOf } from '../objectives/objectiveTerm.ts';
import { dimensionsOf } from '../onnx/graph.ts';
import { elementCount } from '../onnx/tensor.ts';
import type { Teachers } from '../teacher/teach.ts';
import { alterationOf } from './alteration.ts';
import type { Prepared } from './preflight.ts';
import type { Experiment } from './schema.ts';

/** What decides how much the outputs of teachers take. */
export interface Planned {
  readonly experiment: Experiment;
  readonly prepared: Pick<Prepared, 'dataset' | 'objective' | 'outputShape'>;
}

/** Bytes that the outputs for the training split take in memory, where they are computed once. */
export function heldOutputBytes(planned: Planned, teachers: Teachers): number {
  return trainingBytes(planned, teachers, 4);
}

/**
 * Bytes that the outputs for both splits take on the disk, headers aside.
 * @param isAskedAnew whether the teachers are asked at every step, and nothing of the training split is kept
 */
export function storedOutputBytes(planned: Planned, teachers: Teachers, isAskedAnew: boolean): number {
  const { experiment, prepared } = planned;
  const bytesPerNumber = experiment.cache.precision === 'float16' ? 2 : 4;
  const numbers = teachers.members.length * elementCount(prepared.outputShape) * prepared.dataset.validation.count;
  return numbers * bytesPerNumber + (isAskedAnew ? 0 : trainingBytes(planned, teachers, bytesPerNumber));
}

function trainingBytes({ experiment, prepared }: Planned, { members }: Teachers, bytesPerNumber: number): number {
  const { dataset, objective, outputShape } = prepared;
  const { topK } = experiment.cache;
  const graph = members[0]?.model.graph;
  const features = new Set(objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher));
  const featureValues = [...features].reduce((sum, name) => {
    const value = graph?.find(name);
    return sum + (value ? elementCount(dimensionsOf(value).slice(1)) : 0);
  }, 0);
  const values = elementCount(outputShape);
  const distributions = values / classesOf(dataset.task).length;
  // Classes are not rounded; beside the largest probabilities there is one for all others.
  const ofOutput =
    topK === undefined ? values * bytesPerNumber : distributions * (topK * 4 + (topK + 1) * bytesPerNumber);
  // A view that no epoch sees is not asked about.
  const views = Math.min(alterationOf(experiment)?.views ?? 1, experiment.training.epochs);
  return views * dataset.training.count * (members.length * ofOutput + featureValues * bytesPerNumber);
}
