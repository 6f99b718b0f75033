import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DistilleryError, systemCodeOf } from '../../errors.ts';
import { TEMPORARY } from '../../platform/writeAtomically.ts';
import { EXTENSION } from './outputCache.ts';
import { describeOutputs, type OutputsDescription } from './outputsFile.ts';

/** A file of the cache. */
export interface StoredOutputs {
  readonly path: string;
  readonly bytes: number;
  /** When it was written or read last. */
  readonly usedAt: Date;
  /** Undefined where the file is damaged, or its writing never ended. */
  readonly description: OutputsDescription | undefined;
}

/** Which files of the cache are to go; one of several reasons is enough. */
export interface PruneLimits {
  /** Files that were not used since. */
  readonly usedBefore?: Date | undefined;
  /** The size that is left, in bytes; what was not used for longest goes first. */
  readonly bytes?: number | undefined;
}

/** The files of a cache, those used last first; none when there is no such folder. */
export async function listOutputs(folder: string): Promise<StoredOutputs[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw new DistilleryError('BAD_FILE', `'${folder}' cannot be read as a folder.`, { cause: error });
  });
  const found: StoredOutputs[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith(EXTENSION) || candidate.endsWith(TEMPORARY))) {
    const path = join(folder, name);
    const { size, mtime } = await stat(path);
    found.push({ path, bytes: size, usedAt: mtime, description: await describeIfWhole(path) });
  }
  return found.sort((one, other) => other.usedAt.getTime() - one.usedAt.getTime());
}

/** Removes files of a cache that exceed the limits, and returns them. */
export async function pruneOutputs(
  folder: string,
  { usedBefore, bytes = Infinity }: PruneLimits,
): Promise<StoredOutputs[]> {
  const removed: StoredOutputs[] = [];
  let kept = 0;
  let isFull = false;
  for (const stored of await listOutputs(folder)) {
    isFull ||= kept + stored.bytes > bytes;
    if (isFull || (usedBefore && stored.usedAt < usedBefore)) {
      await rm(stored.path, { force: true });
      removed.push(stored);
    } else kept += stored.bytes;
  }
  return removed;
}

async function describeIfWhole(path: string): Promise<OutputsDescription | undefined> {
  try {
    return await describeOutputs(path);
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'BAD_FILE') return undefined;
    throw error;
  }
}
