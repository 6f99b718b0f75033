import { shuffledBatches } from '../data/batches.ts';
import type { Asking } from '../teacher/openSource.ts';
import type { Teachers } from '../teacher/teach.ts';
import { alterationOf } from './alteration.ts';
import { heldOutputBytes, type Planned } from './outputSizes.ts';
import { orderOfSamples } from './trainStage.ts';

/**
 * When the teachers are asked about the training split: once, as far as the student sees the same samples again and what they say
 * fits into memory; otherwise at every step.
 *
 * @param memory bytes that it may take
 */
export function whenToAsk(planned: Planned, teachers: Teachers, memory: number): Asking {
  const { experiment, prepared } = planned;
  const { batchSize, seed } = experiment.training;
  // The student on an extractor sees its features in place of the samples, so that only the dataset has what teachers take.
  if ('extractor' in experiment.student) return { kind: 'beforehand' };
  const alteration = alterationOf(experiment);
  const isAnotherAtEveryStep = alteration !== undefined && alteration.views === undefined;
  if (isAnotherAtEveryStep || heldOutputBytes(planned, teachers) > memory) return { kind: 'every-step', batchSize };
  const batchesOf = (epoch: number): readonly Int32Array[] => {
    const random = orderOfSamples(seed);
    let batches: Int32Array[] = [];
    for (let drawn = 0; drawn < epoch; drawn++) {
      batches = [...shuffledBatches(prepared.dataset.training.count, batchSize, random)];
    }
    return batches;
  };
  return alteration?.views === undefined
    ? { kind: 'first-epoch', batchesOf }
    : { kind: 'views', batchesOf, alteration, views: alteration.views };
}
