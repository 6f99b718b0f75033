import type { Dataset } from '../../data/dataset.ts';
import { DistilleryError } from '../../errors.ts';
import type { FittedEstimator } from '../../estimators/estimator.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { loadNetwork, openNetwork } from '../engines/networkFile.ts';
import { largestDifference } from '../engines/verifyExport.ts';

/** Differences that float32 makes of a double, as a share of the largest output. */
const FLOAT_ERROR = 1e-5;

/**
 * Reads the file of a fitted model afresh, has ONNX Runtime compute it on the test split, and compares that with what was fitted, computed
 * here in double precision.
 *
 * @returns the largest difference, as a share of the largest output
 * @throws DistilleryError `INTERNAL` when they differ by more than float error; `CANCELLED` when the signal aborts
 */
export async function verifyFit(
  path: string,
  { predict }: Pick<FittedEstimator, 'predict'>,
  { test, samples, sampleShape }: Pick<Dataset, 'test' | 'samples' | 'sampleShape'>,
  signal: AbortSignal,
): Promise<number> {
  const features = elementCount(sampleShape);
  const values = new Float32Array(test.count * features);
  await test.read(
    Int32Array.from({ length: test.count }, (_, index) => index),
    values,
  );
  const predictor = await openNetwork(await loadNetwork(path, { samples, sampleShape }), {
    device: 'cpu',
    samples,
    sampleShape,
  });
  let difference: number;
  try {
    const written = await predictor.predict(test, { signal });
    difference = largestDifference(predict({ count: test.count, features, values }), written);
  } finally {
    await predictor.dispose();
  }
  if (difference <= FLOAT_ERROR) return difference;
  throw new DistilleryError(
    'INTERNAL',
    `'${path}' does not compute what was fitted: its outputs differ by ${difference.toExponential(2)} of the largest.`,
    { hint: 'Do not use the file, and report this.' },
  );
}
