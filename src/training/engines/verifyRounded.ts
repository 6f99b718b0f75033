import type { Dataset } from '../../data/dataset.ts';
import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import { lowerFakeQuantization } from '../lowering/lowerFakeQuantization.ts';
import { outputsOfBoth } from './verifyExport.ts';

/**
 * Most that outputs may differ on average, as a share of the largest: sums in another order put a number that lies in the middle between two
 * integers on the other side of it now and then, and what follows differs by a step.
 */
const ROUNDING_ERROR = 0.01;

/**
 * Reads the int8 file of a network afresh and compares what it says of the test split with what the network said that was trained with
 * fake quantisation.
 *
 * @param trained its forward graph with the trained weights
 * @returns the mean difference, as a share of the largest output
 * @throws DistilleryError `INTERNAL` when they differ by more than rounding; `CANCELLED` when the signal aborts
 */
export async function verifyRounded(
  path: string,
  trained: Graph,
  dataset: Pick<Dataset, 'test' | 'samples' | 'sampleShape'>,
  signal: AbortSignal,
): Promise<number> {
  const { expected, written } = await outputsOfBoth(path, lowerFakeQuantization(trained), dataset, signal);
  const difference = meanDifference(expected, written);
  if (difference <= ROUNDING_ERROR) return difference;
  throw new DistilleryError(
    'INTERNAL',
    `'${path}' does not compute what was trained: its outputs differ by ${difference.toExponential(2)} of the largest on average.`,
    { hint: 'Do not use the file, and report this.' },
  );
}

/** As a share of the largest expected output; no number where one of the two has more outputs or is none itself. */
function meanDifference(expected: Float32Array, actual: Float32Array): number {
  if (expected.length !== actual.length) return NaN;
  let [largest, sum] = [0, 0];
  expected.forEach((value, index) => {
    largest = Math.max(largest, Math.abs(value));
    sum += Math.abs(value - (actual[index] ?? NaN));
  });
  return sum === 0 ? 0 : sum / expected.length / (largest || 1);
}
