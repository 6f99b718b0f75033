import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { writeAtomically } from '../platform/writeAtomically.ts';
import type { FileAccess, StoredRun } from './readRun.ts';

/** Beside the run folders: what was read of them, so that a list of thousands of runs is one file. It may be removed at any time. */
const INDEX_FILE = '.index.json';

/** Raised when what stands in the file means something else. */
const VERSION = 1;

/** A run as it was read, and when its folder had changed last. */
export interface IndexedRun {
  readonly modified: number;
  readonly run: Omit<StoredRun, 'folder'>;
}

/** What the index says, by the names of the run folders. */
export type RunIndex = ReadonlyMap<string, IndexedRun>;

/**
 * What a file with its checksum intact holds is what `writeRunIndex` of this version wrote. The entries are not looked at one by one:
 * with thousands of them that takes longer than reading them.
 */
const entriesSchema = z.custom<Readonly<Record<string, IndexedRun>>>(
  (value) => typeof value === 'object' && value !== null,
);

/** Reads the index of a folder of runs; empty where there is none, or one that is damaged or of another version. */
export async function readRunIndex(directory: string, files: FileAccess): Promise<RunIndex> {
  try {
    const text = await files.readText(join(directory, INDEX_FILE));
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== sealOf(body)) return new Map();
    return new Map(Object.entries(entriesSchema.parse(JSON.parse(body))));
  } catch {
    return new Map();
  }
}

/** Writes the index of a folder of runs. Whoever writes last has the say: readers compare it with the folders. */
export async function writeRunIndex(directory: string, index: RunIndex): Promise<void> {
  const body = JSON.stringify(Object.fromEntries(index));
  await writeAtomically(join(directory, INDEX_FILE), `${sealOf(body)}\n${body}`);
}

function sealOf(body: string): string {
  return `${VERSION} ${createHash('sha256').update(body).digest('hex')}`;
}
