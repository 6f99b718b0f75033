import { shuffledBatches } from '../data/batches.ts';
import { preparedTargetsOf } from '../objectives/objectiveTerm.ts';
import type { Asking } from '../teacher/openSource.ts';
import type { Teachers } from '../teacher/teach.ts';
import { alterationOf } from './alteration.ts';
import { heldOutputBytes, type Planned } from './outputSizes.ts';
import { orderOfSamples } from './trainStage.ts';

/** Bytes that outputs for the training split may take. */
export interface RoomForOutputs {
  readonly memory: number;
  /** Of the disk where they are kept; 0 where they are not kept. */
  readonly disk: number;
}

/**
 * When the teachers are asked about the training split: once, as far as the student sees the same samples again and there is room
 * for what they say, in memory or on the disk; otherwise at every step.
 */
export function whenToAsk(planned: Planned, teachers: Teachers, room: RoomForOutputs): Asking {
  const { experiment, prepared } = planned;
  const bytes = heldOutputBytes(planned, teachers);
  // Targets that are made of all outputs need them together.
  const mayBeFiled = bytes <= room.disk && preparedTargetsOf(prepared.objective).size === 0;
  const held = bytes > room.memory && mayBeFiled ? 'on-disk' : 'in-memory';
  const { batchSize, seed } = experiment.training;
  // The student on an extractor sees its features in place of the samples, so that only the dataset has what teachers take.
  if ('extractor' in experiment.student) return { kind: 'beforehand', held };
  const alteration = alterationOf(experiment);
  const isAnotherAtEveryStep = alteration !== undefined && alteration.views === undefined;
  if (isAnotherAtEveryStep || (bytes > room.memory && held === 'in-memory')) return { kind: 'every-step', batchSize };
  const batchesOf = (epoch: number): readonly Int32Array[] => {
    const random = orderOfSamples(seed);
    let batches: Int32Array[] = [];
    for (let drawn = 0; drawn < epoch; drawn++) {
      batches = [...shuffledBatches(prepared.dataset.training.count, batchSize, random)];
    }
    return batches;
  };
  return alteration?.views === undefined
    ? { kind: 'first-epoch', held, batchesOf }
    : { kind: 'views', held, batchesOf, alteration, views: alteration.views };
}
