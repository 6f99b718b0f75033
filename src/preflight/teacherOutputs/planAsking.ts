import type { OutputLimits } from './outputLimits.ts';
import { shuffledBatches } from '../../data/batches.ts';
import { transferSet } from '../../data/unlabelled/transferSet.ts';
import { preparedTargetsOf } from '../../objectives/objectiveTerm.ts';
import type { Asking } from '../../teacher/openSource.ts';
import type { Teachers } from '../../teacher/teach.ts';
import { batchAugmentationOf } from '../batchAugmentationOf.ts';
import { heldOutputBytes, type Planned } from './outputBytes.ts';
import { orderOfSamples } from '../../training/orderOfSamples.ts';

/**
 * When the teachers are asked about the training split: once, as far as the student sees the same samples again and there is room
 * for what they say, in memory or on the disk; otherwise at every step.
 */
export function planAsking(planned: Planned, teachers: Teachers, room: OutputLimits): Asking {
  const { experiment, prepared } = planned;
  const bytes = heldOutputBytes(planned, teachers);
  // Targets that are made of all outputs need them together.
  const mayBeFiled = bytes <= room.disk && preparedTargetsOf(prepared.objective).size === 0;
  const held = bytes > room.memory && mayBeFiled ? 'on-disk' : 'in-memory';
  const { batchSize, seed } = experiment.training;
  // The student on an extractor sees its features in place of the samples, so that only the dataset has what teachers take.
  if ('extractor' in experiment.student) return { kind: 'beforehand', held };
  const batchAugmentation = batchAugmentationOf(experiment);
  const isAnotherAtEveryStep = batchAugmentation !== undefined && batchAugmentation.views === undefined;
  if (isAnotherAtEveryStep || (bytes > room.memory && held === 'in-memory')) return { kind: 'every-step', batchSize };
  const batchesOf = (epoch: number): readonly Int32Array[] => {
    const random = orderOfSamples(seed);
    let batches: Int32Array[] = [];
    for (let drawn = 0; drawn < epoch; drawn++) {
      const { count, stream } = transferSet(prepared.dataset).training;
      batches = [...shuffledBatches(count, batchSize, random, stream?.blocks)];
    }
    return batches;
  };
  return batchAugmentation?.views === undefined
    ? { kind: 'first-epoch', held, batchesOf }
    : { kind: 'views', held, batchesOf, batchAugmentation, views: batchAugmentation.views };
}
