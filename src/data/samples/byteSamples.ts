import { createHash } from 'node:crypto';
import { DistilleryError } from '../../errors.ts';
import type { Split } from './split.ts';
import type { Targets } from '../targets.ts';

/** Samples kept in memory as bytes; 0…255 is read as 0…1. */
export class ByteSamples implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly #bytes: Uint8Array;
  readonly #sampleSize: number;

  /** `bytes` has `sampleSize` bytes for every sample. */
  constructor(bytes: Uint8Array, targets: Targets, sampleSize: number) {
    this.count = bytes.length / sampleSize;
    this.targets = targets;
    this.#bytes = bytes;
    this.#sampleSize = sampleSize;
  }

  /** The bytes tell as much as the values, and are hashed in a fraction of the time. */
  identify(indices: ArrayLike<number>): Promise<string> {
    const hash = createHash('sha256').update(`bytes ${this.#sampleSize}\n`);
    const size = this.#sampleSize;
    for (let from = 0, to = 0; from < indices.length; from = to) {
      const first = indices[from] ?? 0;
      // Samples that lie side by side are hashed at once.
      while (to < indices.length && indices[to] === first + to - from) to++;
      hash.update(this.#bytes.subarray(first * size, (first + to - from) * size));
    }
    return Promise.resolve(hash.digest('hex'));
  }

  read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    return new Promise((resolve) => {
      copyScaled(this.#bytes, this.#sampleSize, indices, target);
      resolve();
    });
  }
}

/**
 * Copies the samples at `indices`, 0…255 becoming 0…1.
 *
 * @throws DistilleryError (`INTERNAL`) when `target` has another size, or an index is out of range
 */
export function copyScaled(
  bytes: Uint8Array,
  sampleSize: number,
  indices: ArrayLike<number>,
  target: Float32Array,
): void {
  if (target.length !== indices.length * sampleSize) {
    throw new DistilleryError(
      'INTERNAL',
      `${indices.length} samples of ${sampleSize} values do not fill ${target.length} values.`,
    );
  }
  let position = 0;
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] ?? -1;
    const start = index * sampleSize;
    if (!(index >= 0 && start + sampleSize <= bytes.length)) {
      throw new DistilleryError('INTERNAL', `There is no sample ${index}.`);
    }
    for (let offset = start; offset < start + sampleSize; offset++) target[position++] = (bytes[offset] ?? 0) / 255;
  }
}
