import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { runFiles } from '../experiment/runFolder.ts';
import { listed, nearest } from '../experiment/suggest.ts';
import { isProcessAlive } from '../isProcessAlive.ts';
import { parseByteCount } from './parseByteCount.ts';

const statusSchema = z.object({ state: z.string(), processId: z.int() });

/** What is wrong with an argument, or undefined. Paths start from `directory`. */
export type Check = (value: string, directory: string) => Omit<Problem, 'where'> | undefined;

/** Accepts the given names. `noun` says what they are, with its article. */
export function oneOf(noun: string, names: readonly string[]): Check {
  return (value) => {
    if (names.includes(value)) return undefined;
    const suggestion = nearest(value, names);
    const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
    return { message: `'${value}' is not ${noun}${meant}`, hint: `Must be ${listed(names)}.` };
  };
}

/** Accepts whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): Check {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return undefined;
    return { message: `must be a whole number from ${least} to ${most} (found '${value}')` };
  };
}

/** Accepts numbers above zero. */
export const positiveNumber: Check = (value) =>
  /^\d+(\.\d+)?$/.test(value) && Number(value) > 0
    ? undefined
    : { message: `must be a number above zero (found '${value}')` };

/** Accepts sizes such as `500MB`. */
export const byteCount: Check = (value) =>
  parseByteCount(value) === undefined
    ? { message: `must be a size (found '${value}')`, hint: 'Write a number with B, kB, MB, GB or TB, such as 500MB.' }
    : undefined;

/** Accepts files that exist. */
export const existingFile: Check = (value, directory) => {
  const found = statSync(resolve(directory, value), { throwIfNoEntry: false });
  if (!found) return { message: 'there is no such file' };
  return found.isDirectory() ? { message: 'is a folder, not a file' } : undefined;
};

/** Accepts folders that exist. */
export const existingFolder: Check = (value, directory) => {
  const found = statSync(resolve(directory, value), { throwIfNoEntry: false });
  if (!found) return { message: 'there is no such folder' };
  return found.isDirectory() ? undefined : { message: 'is a file, not a folder' };
};

/** Accepts folders that a run may be written to: new, empty, or of an earlier run that has ended and is then replaced. */
export const runFolderToWrite: Check = (value, directory) => {
  const folder = resolve(directory, value);
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return { message: `'${value}' is a file, not a folder` };
  const entries = readdirSync(folder);
  if (entries.length === 0) return undefined;
  if (entries.includes(runFiles.status)) {
    return isUnderWay(folder) ? { message: `a run is being written to '${value}'` } : undefined;
  }
  return {
    message: `'${value}' holds other files`,
    hint: 'Name a folder that is new, empty, or of an earlier run.',
  };
};

/** Accepts folders of runs that ended before they had finished. */
export const runFolderToResume: Check = (value, directory) => {
  const folder = resolve(directory, value);
  const problem = existingFolder(value, directory);
  if (problem) return problem;
  if (isUnderWay(folder)) return { message: 'this run is under way' };
  if (existsSync(join(folder, runFiles.checkpoint))) return undefined;
  return {
    message: existsSync(join(folder, runFiles.report)) ? 'this run has finished' : 'holds no run that could go on',
    hint: 'Name the folder of a run that was stopped or interrupted.',
  };
};

/** Whether the process that writes a run still lives. */
function isUnderWay(folder: string): boolean {
  try {
    const { state, processId } = statusSchema.parse(JSON.parse(readFileSync(join(folder, runFiles.status), 'utf8')));
    return state === 'running' && isProcessAlive(processId);
  } catch {
    // No status that could be read.
    return false;
  }
}
