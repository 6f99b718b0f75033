import { createHash } from 'node:crypto';
import { sequentialBatches } from '../../data/batches.ts';
import type { Split } from '../../data/samples/split.ts';
import { DistilleryError } from '../../errors.ts';
import { elementCount } from '../../onnx/tensor.ts';

/** Values that are read and hashed at once. */
const VALUES = 2 ** 20;

/**
 * SHA-256, in hexadecimal, of the samples of a split as networks get them, in their order. It covers whatever decides them: the
 * files, how they were divided and limited, and how their values were prepared. Of images in memory their bytes and their
 * preparation are hashed in place of the values that follow from them; samples that are not in memory are told apart by the names,
 * sizes and times of their files.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function digestSplit(split: Split, sampleShape: readonly number[], signal: AbortSignal): Promise<string> {
  const width = elementCount(sampleShape);
  const batchSize = Math.max(1, Math.min(split.count, Math.floor(VALUES / width)));
  const buffer = new Float32Array(batchSize * width);
  const hash = createHash('sha256').update(`${split.count} ${sampleShape.join(' ')}\n`);
  if (split.identify) {
    const all = Int32Array.from({ length: split.count }, (_, index) => index);
    return hash.update(await split.identify(all)).digest('hex');
  }
  for (const { indices, count } of sequentialBatches(split.count, batchSize)) {
    if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
    await split.read(indices, buffer);
    hash.update(new Uint8Array(buffer.buffer, 0, count * width * buffer.BYTES_PER_ELEMENT));
  }
  return hash.digest('hex');
}
