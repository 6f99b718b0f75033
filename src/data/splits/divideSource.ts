import type { Problem } from '../errors.ts';
import type { DatasetOptions } from './dataset.ts';
import { randomStream } from './random.ts';
import type { Source, UnfittedSource } from './source.ts';
import { groupSplit, stratifiedSplit } from './split.ts';
import { strataOf } from './targets.ts';

/** Samples of a source's training split by the split that they go to; none where the data brings the split. */
export interface DividedSamples {
  readonly training: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/**
 * Draws the splits that the data does not bring: first the test, then the validation. Groups stay together where there are any;
 * otherwise every class gives the same share.
 *
 * @param problems takes what is wrong with the shares asked for
 */
export function divide(
  source: Source | UnfittedSource,
  options: Pick<DatasetOptions, 'validation' | 'test'>,
  seed: number,
  problems: Problem[],
): DividedSamples {
  const { count, strata, groups, brings } = partsOf(source);
  let training = Int32Array.from({ length: count }, (_, index) => index);
  const setAside = (field: 'test' | 'validation'): Int32Array => {
    const fraction = options[field];
    const random = randomStream(seed, `${field} split`);
    const pick = (values: Int32Array): Int32Array => training.map((index) => values[index] ?? 0);
    const { taken, kept } = groups
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
  const test = brings.test ? new Int32Array() : setAside('test');
  const validation = brings.validation ? new Int32Array() : setAside('validation');
  return { training, validation, test };
}

function partsOf(source: Source | UnfittedSource): Pick<UnfittedSource, 'count' | 'strata' | 'groups' | 'brings'> {
  if ('fit' in source) return source;
  const { training, validation, test } = source;
  return {
    count: training.count,
    strata: strataOf(training.targets, training.count),
    brings: { validation: validation !== undefined, test: test !== undefined },
  };
}
