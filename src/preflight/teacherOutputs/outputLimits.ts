import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '../../errors.ts';
import { memoryForOutputs } from '../../data/memory.ts';

/** Bytes that outputs for the training split may take. */
export interface OutputLimits {
  readonly memory: number;
  /** Of the disk where they are kept; 0 where they are not kept. */
  readonly disk: number;
}

/** Share of what is free on the disk that outputs may take. */
const SHARE_OF_DISK = 0.8;

/**
 * What outputs of teachers may take.
 *
 * @param folder where they are kept; it need not be there yet. Undefined where they are not kept
 * @param memory bytes of it; by default a share of what there is
 */
export async function outputLimits(folder: string | undefined, memory = memoryForOutputs()): Promise<OutputLimits> {
  return { memory, disk: folder === undefined ? 0 : SHARE_OF_DISK * (await freeBytes(folder)) };
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (systemCodeOf(error) === 'ENOENT' && parent !== folder) return freeBytes(parent);
    return 0;
  }
}
