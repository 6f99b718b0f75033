import type { Dataset } from '../../data/dataset.ts';
import type { ObjectiveTerm } from '../../objectives/objectiveTerm.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';

/** What a network for a dataset is trained to do with this objective. @param outputShape of its output for one sample */
export function trainingTaskOf(
  { task, samples, sampleShape }: Pick<Dataset, 'task' | 'samples' | 'sampleShape'>,
  outputShape: readonly number[],
  objective: readonly ObjectiveTerm[],
): TrainingTask {
  return { task: task.kind, samples, sampleShape, outputShape, objective };
}
