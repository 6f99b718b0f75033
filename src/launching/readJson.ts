import { readFile } from 'node:fs/promises';
import { readIfThere } from '../platform/readIfThere.ts';

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
