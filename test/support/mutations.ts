import { BadInputError } from '../../src/errors.ts';
import type { Random } from '../../src/data/random.ts';

/** A file with a few bytes changed, cut out, doubled or cut off. */
export function mutated(content: Uint8Array, random: Random): Buffer {
  let bytes = Buffer.from(content);
  for (let change = 1 + random.integer(4); change > 0 && bytes.length > 1; change--) {
    const at = random.integer(bytes.length);
    const end = Math.min(bytes.length, at + 1 + random.integer(12));
    switch (random.integer(5)) {
      case 0:
        bytes[at] = random.integer(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
        break;
      case 3:
        bytes = bytes.subarray(0, at);
        break;
      case 4:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
        break;
    }
  }
  return bytes;
}

/** True when work succeeds, false when its input was refused with a sentence; any other error is thrown. */
export async function acceptedOrRefused(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof BadInputError && error.problems.every(({ message }) => message.length > 10)) return false;
    throw error;
  }
}
