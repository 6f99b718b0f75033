import type { Problem } from '../../errors.ts';
import type { DatasetOptions } from '../dataset.ts';
import { randomStream } from '../random.ts';
import type { Source, UnfittedSource } from '../source.ts';
import { divideFold } from './divideFold.ts';
import { latestSplit } from './timeOrder.ts';
import { groupSplit, stratifiedSplit } from './divideSamples.ts';
import { strataOf } from '../targets.ts';

/** Samples of a source's training split by the split that they go to; none where the data brings the split. */
export interface DividedSamples {
  readonly training: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/**
 * Draws the splits that the data does not bring: first the test, then the validation. Groups stay together where there are any;
 * in time order the latest samples are taken; otherwise every class gives the same share. The test of a fold is the fold's, whatever
 * the data bring; of one that keeps the test, the usual test is in none of the splits.
 *
 * @param problems takes what is wrong with the shares asked for
 */
export function divide(
  source: Source | UnfittedSource,
  options: Pick<DatasetOptions, 'validation' | 'test' | 'fold'>,
  seed: number,
  problems: Problem[],
): DividedSamples {
  const { count, strata, groups, order, brings } = partsOf(source);
  let training = Int32Array.from({ length: count }, (_, index) => index);
  const setAside = (field: 'test' | 'validation'): Int32Array => {
    const fraction = options[field];
    const random = randomStream(seed, `${field} split`);
    const pick = (values: Int32Array): Int32Array => training.map((index) => values[index] ?? 0);
    const { taken, kept } = order
      ? latestSplit(
          Float64Array.from(training, (index) => order[index] ?? 0),
          fraction,
        )
      : groups
        ? groupSplit(pick(groups), fraction, random)
        : stratifiedSplit(pick(strata), fraction, random);
    if (taken.length === 0 || kept.length === 0) {
      const lacking = taken.length === 0 ? field : 'training';
      problems.push({
        where: `dataset.${field}`,
        message: `Setting ${fraction} of ${training.length} samples aside leaves no ${lacking} samples.`,
        hint: `Choose a ${lacking === field ? 'larger' : 'smaller'} share, or give more samples.`,
      });
    }
    const all = training;
    training = kept.map((position) => all[position] ?? 0);
    return taken.map((position) => all[position] ?? 0);
  };
  const { fold } = options;
  let test = brings.test || (fold && !fold.keepsTest) ? new Int32Array() : setAside('test');
  if (fold) {
    const all = training;
    const parts = divideFold(
      {
        strata: all.map((sample) => strata[sample] ?? 0),
        groups: groups && all.map((sample) => groups[sample] ?? 0),
        order: order && Float64Array.from(all, (sample) => order[sample] ?? 0),
      },
      fold,
      randomStream(seed, 'folds'),
    );
    test = parts.test.map((position) => all[position] ?? 0);
    training = parts.rest.map((position) => all[position] ?? 0);
  }
  const validation = brings.validation ? new Int32Array() : setAside('validation');
  return { training, validation, test };
}

function partsOf(
  source: Source | UnfittedSource,
): Pick<UnfittedSource, 'count' | 'strata' | 'groups' | 'order' | 'brings'> {
  if ('fit' in source) return source;
  const { training, validation, test } = source;
  return {
    count: training.count,
    strata: strataOf(training.targets, training.count),
    brings: { validation: validation !== undefined, test: test !== undefined },
  };
}
