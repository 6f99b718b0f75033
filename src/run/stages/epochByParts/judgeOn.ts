import type { Split } from '../../../data/samples/split.ts';
import { truthOf } from '../../../data/truth.ts';
import { measureOutputs } from '../../../evaluation/measureOutputs.ts';
import type { Quality } from '../../../report/quality.ts';
import type { TrainStageOptions } from '../trainStageOptions.ts';

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
