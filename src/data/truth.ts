import type { Split } from './samples/split.ts';
import type { Targets } from './targets.ts';
import { elementCount } from '../onnx/tensor.ts';

/** What outputs for a split are judged by; samples that are their own targets are read. */
export async function truthOf(split: Split, sampleShape: readonly number[]): Promise<Targets> {
  if (split.targets.kind !== 'samples') return split.targets;
  const width = elementCount(sampleShape);
  const values = new Float32Array(split.count * width);
  const indices = Int32Array.from({ length: split.count }, (_, index) => index);
  await split.read(indices, values);
  return { kind: 'values', values, width };
}
