import type { Dataset } from '../../data/dataset.ts';
import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import { loadNetwork, openForward, openNetwork } from './networkFile.ts';
import type { Predictor } from './predictor.ts';

/** Differences of single precision that sums in another order make, as a share of the largest output. */
const FLOAT_ERROR = 1e-4;

/**
 * Reads the file of a network afresh and compares what it says of the test split with what the trained network says.
 *
 * @param trained its forward graph with the trained weights
 * @returns the largest difference, as a share of the largest output
 * @throws DistilleryError `INTERNAL` when they differ by more than float error; `CANCELLED` when the signal aborts
 */
export async function verifyExport(
  path: string,
  trained: Graph,
  dataset: Pick<Dataset, 'test' | 'samples' | 'sampleShape'>,
  signal: AbortSignal,
): Promise<number> {
  const { expected, written } = await outputsOfBoth(path, trained, dataset, signal);
  const difference = largestDifference(expected, written);
  if (difference <= FLOAT_ERROR) return difference;
  throw new DistilleryError(
    'INTERNAL',
    `'${path}' does not compute what was trained: its outputs differ by ${difference.toExponential(2)} of the largest.`,
    { hint: 'Do not use the file, and report this.' },
  );
}

/** What a trained network says of the test split, and what the file says of it, read afresh. */
export async function outputsOfBoth(
  path: string,
  trained: Graph,
  { test, samples, sampleShape }: Pick<Dataset, 'test' | 'samples' | 'sampleShape'>,
  signal: AbortSignal,
): Promise<{ readonly expected: Float32Array; readonly written: Float32Array }> {
  const options = { device: 'cpu', samples, sampleShape } as const;
  const outputsOf = async (open: () => Promise<Predictor>): Promise<Float32Array> => {
    const predictor = await open();
    try {
      return await predictor.predict(test, { signal });
    } finally {
      await predictor.dispose();
    }
  };
  const expected = await outputsOf(() => openForward(trained, options));
  const written = await outputsOf(async () => openNetwork(await loadNetwork(path, options), options));
  return { expected, written };
}

/** As a share of the largest expected output; infinite where one of the two has more outputs or is no number alone. */
export function largestDifference(expected: Float32Array, actual: Float32Array): number {
  if (expected.length !== actual.length) return Infinity;
  let [largest, difference] = [0, 0];
  for (let index = 0; index < expected.length; index++) {
    const [one, other] = [expected[index] ?? NaN, actual[index] ?? NaN];
    if (Object.is(one, other)) continue;
    if (Number.isNaN(one) || Number.isNaN(other)) return Infinity;
    difference = Math.max(difference, Math.abs(one - other));
  }
  for (const value of expected) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return difference === 0 ? 0 : difference / (largest || 1);
}
