import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemCodeOf, type Problem } from '../errors.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { listed, nearest } from '../experiment/suggest.ts';
import { checkpointFiles } from '../runFolder/checkpointFolder.ts';
import { describeHolder, LEASE_FILE } from '../runFolder/runLease.ts';
import { refusalToWrite } from '../platform/writingError.ts';
import { TEMPORARY } from '../platform/writeAtomically.ts';
import { parseByteCount } from './parseByteCount.ts';

/** What is wrong with an argument, or undefined. Paths start from `directory`. */
export interface Check {
  (value: string, directory: string): Omit<Problem, 'where'> | undefined;
  /** All that it accepts, where that can be listed: shells complete it. */
  readonly choices?: readonly string[];
}

/** Accepts the given names. `noun` says what they are, with its article. */
export function oneOf(noun: string, names: readonly string[]): Check {
  const check = (value: string): Omit<Problem, 'where'> | undefined => {
    if (names.includes(value)) return undefined;
    const suggestion = nearest(value, names);
    const meant = suggestion === undefined ? '' : `; did you mean '${suggestion}'?`;
    return { message: `'${value}' is not ${noun}${meant}`, hint: `Must be ${listed(names)}.` };
  };
  return Object.assign(check, { choices: names });
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

/** Accepts files and folders that exist, and the data that need none. */
export const existingPath: Check = (value, directory) =>
  value.startsWith('builtin:') || existsSync(resolve(directory, value))
    ? undefined
    : { message: 'there is no such file or folder' };

/** Accepts folders that exist. */
export const existingFolder: Check = (value, directory) => {
  const found = statSync(resolve(directory, value), { throwIfNoEntry: false });
  if (!found) return { message: 'there is no such folder' };
  return found.isDirectory() ? undefined : { message: 'is a file, not a folder' };
};

/** Accepts folders that a run may be written to: new, empty, or of an earlier run that has ended and is then replaced. */
export const runFolderToWrite: Check = (value, directory) => {
  const folder = resolve(directory, value);
  const problem = unwritable(folder);
  if (problem || !existsSync(folder)) return problem;
  const entries = readdirSync(folder).filter((name) => !name.endsWith(TEMPORARY));
  if (entries.length === 0) return undefined;
  // A run that was interrupted before it had a status has a lease.
  if (entries.includes(runFiles.status) || entries.includes(LEASE_FILE)) return describeHolder(folder);
  return {
    message: `'${value}' holds other files`,
    hint: 'Name a folder that is new, empty, or of an earlier run.',
  };
};

/** Accepts folders of runs that ended before they had finished. */
export const runFolderToResume: Check = (value, directory) => {
  const folder = resolve(directory, value);
  const problem = existingFolder(value, directory) ?? describeHolder(folder) ?? unwritable(folder);
  if (problem) return problem;
  const progress = [checkpointFiles.progress, checkpointFiles.previousProgress];
  if (progress.some((name) => existsSync(join(folder, runFiles.checkpoint, name)))) return undefined;
  return {
    message: existsSync(join(folder, runFiles.report)) ? 'this run has finished' : 'holds no run that could go on',
    hint: 'Name the folder of a run that was stopped or interrupted.',
  };
};

/** Why a folder cannot be made, or written to where it is there; undefined when it can. */
export function unwritable(folder: string): Omit<Problem, 'where'> | undefined {
  const hint = 'Name a folder that this user may write to.';
  for (let path = folder; ; path = dirname(path)) {
    try {
      if (!statSync(path).isDirectory()) {
        const made = path === folder ? '' : `, so there can be no folder '${folder}'`;
        return { message: `'${path}' is a file, not a folder${made}`, hint };
      }
      accessSync(path, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      const code = systemCodeOf(error);
      // The nearest folder that is there decides.
      if ((code === 'ENOENT' || code === 'ENOTDIR') && dirname(path) !== path) continue;
      const remedy = code === 'ENAMETOOLONG' ? 'Name a folder with a shorter path.' : hint;
      return { message: `'${path}' cannot be written to: ${refusal(code)}`, hint: remedy };
    }
  }
}

function refusal(code: unknown): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not';
    default:
      return refusalToWrite(code) ?? String(code);
  }
}
