import { totalmem } from 'node:os';
import { BadInputError } from '../errors.ts';
import { pathProblem } from './problems.ts';

/** Share of the memory, and bytes, that decoded images may take. */
const SHARE_FOR_IMAGES = 0.25;
const MOST_FOR_IMAGES = 2 ** 32;

/** Bytes that decoded images may take when nobody says: a share of what this process may use. */
export function memoryForImages(): number {
  const constrained = process.constrainedMemory();
  const available = Math.min(totalmem(), constrained > 0 ? constrained : Infinity);
  return Math.min(SHARE_FOR_IMAGES * available, MOST_FOR_IMAGES);
}

/**
 * Memory for the samples of a dataset, filled with zeros.
 *
 * @throws BadInputError when it would take more than half of the machine's memory
 */
export function allocateSamples(bytes: number): Uint8Array {
  if (bytes > totalmem() / 2) throw tooLarge(bytes);
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(bytes);
    throw error;
  }
}

function tooLarge(bytes: number): BadInputError {
  const gigabytes = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`;
  return new BadInputError([
    pathProblem(
      `The samples would take ${gigabytes(bytes)} of memory, and this machine has ${gigabytes(totalmem())}.`,
      'Use fewer or smaller samples.',
    ),
  ]);
}
