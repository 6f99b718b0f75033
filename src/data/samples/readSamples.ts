import { elementCount } from '../../onnx/tensor.ts';
import type { Split } from './split.ts';

/** All samples of a split in memory, [count, …sampleShape]. */
export async function readSamples(split: Split, sampleShape: readonly number[]): Promise<Float32Array> {
  const values = new Float32Array(split.count * elementCount(sampleShape));
  await split.read(
    Int32Array.from({ length: split.count }, (_, index) => index),
    values,
  );
  return values;
}
