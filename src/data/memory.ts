import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { BadInputError } from '../errors.ts';
import { pathProblem } from './findings/problems.ts';

/** Share of the memory, and bytes, that decoded images may take. */
const SHARE_FOR_IMAGES = 0.25;
const MOST_FOR_IMAGES = 2 ** 32;
/** Share of the memory that the columns of tables may take, and bytes of rows that are held where they take more. */
const SHARE_FOR_TABLES = 0.25;
const MOST_FOR_ROWS = 2 ** 28;
const LEAST_FOR_ROWS = 2 ** 22;
/** Share of the memory that samples may take which a model is fitted to at once. */
const SHARE_FOR_FIT = 0.5;
/** Share of what objects may take that texts of tables may, beside their tokens. */
const SHARE_FOR_WORDS = 0.5;
/** Share of the memory that outputs of teachers may take. */
const SHARE_FOR_OUTPUTS = 0.25;

/** Bytes that decoded images may take when nobody says: a share of what this process may use. */
export function memoryForImages(): number {
  return Math.min(SHARE_FOR_IMAGES * availableMemory(), MOST_FOR_IMAGES);
}

/** Bytes that the columns of tables may take when nobody says: a share of what this process may use. */
export function memoryForTables(): number {
  return SHARE_FOR_TABLES * availableMemory();
}

/** Bytes of files that may be held as texts: they are objects of JavaScript, which have a bound of their own. */
export function memoryForWords(): number {
  return SHARE_FOR_WORDS * getHeapStatistics().heap_size_limit;
}

/** Bytes that the samples may take of a model that is fitted to all of them at once. */
export function memoryForFit(): number {
  return SHARE_FOR_FIT * availableMemory();
}

/** Bytes of rows that are held, for each split, of a table that is read from the disk. */
export function memoryForRows(tables: number): number {
  return Math.max(LEAST_FOR_ROWS, Math.min(MOST_FOR_ROWS, tables / 4));
}

/** Bytes that outputs of teachers may take that are computed once: a share of what this process may use. */
export function memoryForOutputs(): number {
  return SHARE_FOR_OUTPUTS * availableMemory();
}

function availableMemory(): number {
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained > 0 ? constrained : Infinity);
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
