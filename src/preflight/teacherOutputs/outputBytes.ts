import { classesOf } from '../../data/task.ts';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import { dimensionsOf } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Asking } from '../../teacher/openSource.ts';
import { comparedFeatures, outputFiles, type OutputFile } from '../../teacher/planOutputs.ts';
import type { Teachers } from '../../teacher/teach.ts';
import { batchAugmentationOf } from '../batchAugmentationOf.ts';
import type { Prepared } from '../prepared.ts';
import type { SettledExperiment } from '../../experiment/schema.ts';

/** What decides how much the outputs of teachers take. */
export interface Planned {
  readonly experiment: SettledExperiment;
  readonly prepared: Pick<Prepared, 'dataset' | 'objective' | 'outputShape'>;
}

/** Bytes that the outputs for the training split take in memory, where they are computed once. */
export function heldOutputBytes(planned: Planned, teachers: Teachers): number {
  const { experiment, prepared } = planned;
  const { topK } = experiment.cache;
  const features = comparedFeatures(prepared.objective);
  const bytes = teachers.members.map((_, teacher) =>
    bytesPerSample(planned, teachers, { features: teacher === 0 ? features : [], topK }, 4),
  );
  // A view that no epoch sees is not asked about.
  const views = Math.min(batchAugmentationOf(experiment)?.views ?? 1, experiment.training.epochs);
  return views * transferSet(prepared.dataset).training.count * bytes.reduce((sum, each) => sum + each, 0);
}

/** The files of the cache that a run reads or leaves there, and the bytes of each, headers aside. */
export function storedOutputs(
  planned: Planned,
  teachers: Teachers,
  asking: Asking,
): readonly (OutputFile & { readonly bytes: number })[] {
  const { experiment, prepared } = planned;
  const { precision, topK } = experiment.cache;
  const bytesPerNumber = precision === 'float16' ? 2 : 4;
  const { epochs } = experiment.training;
  const { objective } = prepared;
  const dataset = transferSet(prepared.dataset);
  const files = outputFiles({ teachers: teachers.members.length, objective, asking, topK, epochs });
  return files.map((file) => ({
    ...file,
    bytes: dataset[file.split].count * bytesPerSample(planned, teachers, file, bytesPerNumber),
  }));
}

function bytesPerSample(
  { prepared }: Planned,
  { members }: Teachers,
  { features, topK }: Pick<OutputFile, 'features' | 'topK'>,
  bytesPerNumber: number,
): number {
  const { dataset, outputShape } = prepared;
  const graph = members[0]?.model.graph;
  const featureValues = features.reduce((sum, name) => {
    const value = graph?.find(name);
    return sum + (value ? elementCount(dimensionsOf(value).slice(1)) : 0);
  }, 0);
  const values = elementCount(outputShape);
  const distributions = values / classesOf(dataset.task).length;
  // Classes are not rounded; beside the largest probabilities there is one for all others.
  const ofOutput =
    topK === undefined ? values * bytesPerNumber : distributions * (topK * 4 + (topK + 1) * bytesPerNumber);
  return ofOutput + featureValues * bytesPerNumber;
}
