import { readFile } from 'node:fs/promises';

/** What reading gives, or something else where there is nothing to read: what is gone, or lies below a file. */
export async function readIfThere<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
    throw error;
  }
}

/** Parsed JSON, or undefined for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parsed JSON of a file, or undefined for one that is missing or not JSON. */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(await readIfThere(readFile(path, 'utf8'), ''));
}
