import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInputError } from '../../../../errors.ts';
import { readJson } from './readJson.ts';

/** A longer text is looked at only where it is named. */
const MOST_BYTES = 2 ** 26;
const LOOKED_AT = 50;
const DEEPEST = 2;

/**
 * Whether most rows of a file of JSON name a file that is there.
 * @param isThere whether there is a file of that name
 */
export async function namesInJson(path: string, isThere: (name: string) => boolean): Promise<boolean> {
  if ((await stat(path)).size > MOST_BYTES) return false;
  const names = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return isThere(basename(value.trim().replaceAll('\\', '/')));
    if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > DEEPEST) return false;
    return Object.values(value).some((each) => names(each, depth + 1));
  };
  try {
    const { records } = (await readJson(path, undefined, undefined)).training;
    const step = Math.max(1, Math.floor(records.length / LOOKED_AT));
    const looked = records.filter((_, row) => row % step === 0);
    return looked.length > 0 && looked.filter(({ fields }) => names(fields, 0)).length > looked.length / 2;
  } catch (error) {
    // What is no table is none of files.
    if (error instanceof BadInputError) return false;
    throw error;
  }
}
