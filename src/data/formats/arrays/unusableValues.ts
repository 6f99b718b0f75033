import type { Problem } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';
import type { NpyArray } from './npy.ts';

/** What is wrong with samples of which some have values that no network computes with. Rows of a table may have missing ones, which are filled there. */
export function unusableValues(name: string, { values, shape, type }: NpyArray): readonly Problem[] {
  if (!type.startsWith('f')) return [];
  const [count = 0] = shape;
  const length = values.length / count;
  let [first, affected] = [0, 0];
  for (let sample = 0; sample < count; sample++) {
    const isUsable = values
      .subarray(sample * length, (sample + 1) * length)
      .every((value) => Number.isFinite(Math.fround(value)));
    if (!isUsable && affected++ === 0) first = sample + 1;
  }
  if (affected === 0) return [];
  return [
    pathProblem(
      `${affected} of ${count} ${name} samples ${affected === 1 ? 'has' : 'have'} values that are NaN or infinite in float32, number ${first} first.`,
      'Replace these values, or leave those samples out.',
    ),
  ];
}
