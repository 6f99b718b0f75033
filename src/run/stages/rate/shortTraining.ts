import { selectSamples } from '../../../data/samples/selectSamples.ts';
import { spreadSamples } from '../../../data/samples/spreadSamples.ts';
import type { Split } from '../../../data/samples/split.ts';
import { truthOf } from '../../../data/truth.ts';
import { joinSplits } from '../../../data/unlabelled/joinSplits.ts';
import { measureOutputs } from '../../../evaluation/measureOutputs.ts';
import { labelsAlone } from '../../../objectives/chooseObjective.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { ShortTraining } from '../../../report/rateChoice.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import type { Run } from '../../run.ts';
import { studentMaterial } from '../studentStage.ts';
import { tryObjective } from '../trials/tryObjective.ts';

/** Of the training samples and of the validation samples that a short training is judged on, each. */
const MOST_JUDGED = 2000;
/** Of the planned steps, what a short training takes. */
const SHARE = 0.1;
const MOST_STEPS = 300;
/** A training of fewer steps tells nothing. */
const FEWEST_STEPS = 100;

/** Steps of a short training that shows how the student learns; undefined where there would be too few. */
export function shortSteps(plannedSteps: number): number | undefined {
  const steps = Math.min(MOST_STEPS, Math.floor(SHARE * plannedSteps));
  return steps < FEWEST_STEPS ? undefined : steps;
}

/**
 * Trains the student for a few steps on the labels, over which the learning rate comes down, and judges it on samples that it learned
 * and on others; undefined where it diverged, took too long or there are no others.
 *
 * @param mostSeconds after which it is given up, where a person limits the trainings by minutes
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function shortTraining(
  run: Run,
  device: DeviceName,
  teachers: Teachers | undefined,
  steps: number,
  mostSeconds: number | undefined,
): Promise<ShortTraining | undefined> {
  const owned = await studentMaterial(run, device);
  try {
    const { material } = owned;
    const { training, validation, task, sampleShape } = material;
    const pick = (split: Split, count: number): Split =>
      selectSamples(split, Int32Array.from(spreadSamples(count, MOST_JUDGED)));
    // Labelled samples come first; of others nobody knows what would be right.
    const learned = pick(training, run.prepared.dataset.training.count);
    const others = pick(validation, validation.count);
    if (others.count === 0) return undefined;
    const joined = joinSplits([learned, others]);
    const truth = await truthOf(joined, sampleShape);
    const { outputs } = await tryObjective(run, device, {
      material: { ...material, validation: joined },
      teachers,
      taught: undefined,
      objective: labelsAlone(task.kind),
      steps,
      truth,
      mostSeconds,
    });
    if (!outputs) return undefined;
    const width = outputs.length / joined.count;
    const judge = async (split: Split, from: number): Promise<ShortTraining['training']> => {
      const said = outputs.subarray(from * width, (from + split.count) * width);
      const { accuracy, loss } = measureOutputs(task, said, await truthOf(split, sampleShape), { outputs: 'logits' });
      return { accuracy, loss };
    };
    return {
      training: await judge(learned, 0),
      validation: await judge(others, learned.count),
      count: others.count,
    };
  } finally {
    await owned.dispose();
  }
}
