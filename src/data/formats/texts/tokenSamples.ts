import { DistilleryError } from '../../../errors.ts';
import { allocateSamples } from '../../memory.ts';
import type { Split } from '../../samples/split.ts';
import type { Targets } from '../../targets.ts';

/** Texts as tokens, kept in memory. */
export class TokenSamples implements Split {
  readonly count: number;
  readonly targets: Targets;
  readonly #tokens: Int32Array;
  readonly #length: number;

  /** @param tokens [count, length] */
  constructor(tokens: Int32Array, length: number, targets: Targets) {
    this.count = tokens.length / length;
    this.targets = targets;
    this.#tokens = tokens;
    this.#length = length;
  }

  read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
    return new Promise((resolve) => {
      const length = this.#length;
      for (let row = 0; row < indices.length; row++) {
        const index = indices[row] ?? -1;
        if (!(index >= 0 && index < this.count)) throw new DistilleryError('INTERNAL', `There is no sample ${index}.`);
        target.set(this.#tokens.subarray(index * length, (index + 1) * length), row * length);
      }
      resolve();
    });
  }
}

/** Memory for the tokens of texts, filled with padding. @throws BadInputError when it would take too much */
export function allocateTokens(count: number, length: number, padding: number): Int32Array {
  const bytes = allocateSamples(4 * count * length);
  return new Int32Array(bytes.buffer, bytes.byteOffset, count * length).fill(padding);
}
