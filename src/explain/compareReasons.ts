import { tokenWords } from '../data/formats/texts/tokenWords.ts';
import type { Preparation } from '../data/preparation.ts';
import { correlation } from './correlation.ts';

/**
 * Pearson's correlation of what the numbers of a sample contribute in two networks; null where it contributes nothing in one. Padding
 * of a text is left out: it contributes nothing in either, which would make them look alike.
 *
 * @param sample as networks are fed it
 */
export function compareReasons(
  [one, other]: readonly [Float32Array, Float32Array],
  sample: Float32Array,
  preparation: Preparation,
): number | null {
  const words = tokenWords(sample, preparation);
  const told = (contributions: Float32Array): Float32Array =>
    words ? contributions.filter((_, index) => words[index] !== '') : contributions;
  return correlation(told(one), told(other));
}
