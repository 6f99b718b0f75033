import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DistilleryError, systemCodeOf } from '../errors.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import { flushFolder, writeAtomically } from '../platform/writeAtomically.ts';
import { writingError } from '../platform/writingError.ts';

/** Name under which a file holds the SHA-256 of itself, as a JSON string, near its beginning. */
export const SEAL = 'seal';
/** What stands in place of the SHA-256 while it is computed. */
export const OPEN_SEAL = '0'.repeat(64);

const KEY = Buffer.from(`"${SEAL}":"`);
/** The seal comes first in what a file says of itself. */
const SEARCHED_BYTES = 4096;

/** A file that was read, from where it lies or, because that was damaged or missing, the one before it. */
export interface ReadSealed<Content> {
  readonly content: Content;
  readonly isPrevious: boolean;
  /** Whether the file that should have been read is damaged. */
  readonly isDamaged: boolean;
}

/**
 * Writes a file that ends up with its own checksum in it. It is read back before it takes the place of the one that is
 * there, which is kept beside it as `previous`; interrupted at any moment, one of the two is whole.
 *
 * @param bytes with `OPEN_SEAL` under `SEAL`; they are altered
 * @throws DistilleryError `TRAINING` when the file cannot be written, or does not come back as it was written
 */
export async function writeSealed(path: string, previous: string, bytes: Uint8Array): Promise<void> {
  const next = `${path}.next`;
  try {
    await writeAtomically(next, seal(bytes));
    if (!isWhole(await readFile(next))) {
      await rm(next, { force: true });
      throw new DistilleryError('TRAINING', `'${path}' does not come back from the disk as it was written.`, {
        hint: 'Check the disk; the file before it is kept.',
      });
    }
    await rename(path, previous).catch(ignoreMissing);
    await rename(next, path);
    await flushFolder(dirname(path));
  } catch (error) {
    // It is about the file, not about the name that it has until it is whole.
    throw writingError(path, error instanceof DistilleryError ? (error.cause ?? error) : error);
  }
}

/**
 * Reads what `writeSealed` wrote; undefined when neither the file nor the one before it is there.
 *
 * @param decode throws when the content is none
 * @throws DistilleryError `BAD_FILE` when what is there is damaged
 */
export async function readSealed<Content>(
  path: string,
  previous: string,
  decode: (bytes: Uint8Array, path: string) => Content,
): Promise<ReadSealed<Content> | undefined> {
  let damage: unknown;
  for (const candidate of [path, previous]) {
    const bytes = await readIfThere(readFile(candidate), undefined);
    if (!bytes) continue;
    try {
      if (!isWhole(bytes)) throw new DistilleryError('BAD_FILE', `'${candidate}' is damaged.`);
      const content = decode(bytes, candidate);
      return { content, isPrevious: candidate === previous, isDamaged: damage !== undefined };
    } catch (error) {
      damage ??= error;
    }
  }
  if (damage !== undefined) throw damage as Error;
  return undefined;
}

/** Writes into a file's contents, which are altered, their checksum. @param bytes with `OPEN_SEAL` under `SEAL` */
export function seal(bytes: Uint8Array): Uint8Array {
  const place = placeOf(bytes);
  if (place === undefined) throw new TypeError('There is no place for a seal.');
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).write(hashOf(bytes), place, 'latin1');
  return bytes;
}

/** Whether a file holds the checksum of itself. */
function isWhole(bytes: Uint8Array): boolean {
  const place = placeOf(bytes);
  if (place === undefined) return false;
  const end = place + OPEN_SEAL.length;
  const seal = Buffer.from(bytes.subarray(place, end)).toString('latin1');
  const hash = createHash('sha256').update(bytes.subarray(0, place)).update(OPEN_SEAL).update(bytes.subarray(end));
  return hash.digest('hex') === seal;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function placeOf(bytes: Uint8Array): number | undefined {
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SEARCHED_BYTES));
  const key = beginning.indexOf(KEY);
  return key < 0 || key + KEY.length + OPEN_SEAL.length > bytes.length ? undefined : key + KEY.length;
}

function ignoreMissing(error: unknown): void {
  if (systemCodeOf(error) !== 'ENOENT') throw error;
}
