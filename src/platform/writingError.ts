import { existsSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { DistilleryError, type ErrorCode } from '../errors.ts';

/** What the operating system's refusals to write mean. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EFBIG', "it is larger than a file may be here (see 'ulimit -f')"],
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EROFS', 'that file system is read-only'],
  ['ENOTDIR', 'a part of that path is a file and no folder'],
  ['EEXIST', 'there is a file of that name'],
  ['EISDIR', 'there is a folder of that name'],
  ['ENOENT', 'its folder is gone, or takes no files'],
  ['ENAMETOOLONG', 'the path is too long'],
  ['EIO', 'the disk failed'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
]);

const MENDED = "'distillery resume' goes on with the run when that is mended.";
/** What a refusal of the operating system to write means; undefined for one that nobody foresaw. */
export function refusalToWrite(code: unknown): string | undefined {
  return reasons.get(String(code));
}

const ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * An error that writing a file or a folder met, in one sentence. Anything that the operating system did not say is returned
 * as it is.
 * @param path that was to be written
 */
export function writingError(
  path: string,
  error: unknown,
  { code = 'TRAINING', hint }: { readonly code?: ErrorCode; readonly hint?: string } = {},
): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  const reason = reasons.get(error.code);
  if (reason === undefined || !('syscall' in error)) return error;
  return new DistilleryError(code, `'${path}' cannot be written: ${reason}.`, {
    cause: error,
    hint: hint ?? (ROOM.has(error.code) ? "Make room; 'distillery resume' then goes on with the run." : MENDED),
  });
}

/** What the operating system refused that nobody foresaw, as a sentence; undefined for anything else. */
export function systemRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'path' in error && 'syscall' in error)) return undefined;
  // What is not there may be about to be read as well as to be written.
  const reason = error.code === 'ENOENT' ? 'it is not there' : reasons.get(String(error.code));
  return reason === undefined ? undefined : `'${String(error.path)}' cannot be read or written: ${reason}.`;
}

/**
 * An error that a run met, in one sentence: of a file outside its folder, such as a teacher that was deleted meanwhile, its own; else what
 * kept the folder from being written. Anything that the operating system did not say is returned as it is.
 * @param folder of the run
 */
export function errorOfRun(folder: string, error: unknown): unknown {
  const refusal = systemRefusal(error);
  const isOfFolder = !(error instanceof Error && 'path' in error) || isWithin(folder, String(error.path));
  if (refusal === undefined || isOfFolder) return writingError(folder, error);
  return new DistilleryError('FILE_NOT_FOUND', refusal, { cause: error, hint: MENDED });
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/** What is wrong with a file that somebody deleted while it was needed; undefined for one that is there. */
export function missingFile(path: string): DistilleryError | undefined {
  if (existsSync(path)) return undefined;
  return new DistilleryError('FILE_NOT_FOUND', `'${path}' cannot be read or written: it is not there.`, {
    hint: 'It was deleted or moved meanwhile: put it back where it was.',
  });
}

/** Whether an error says that there was no room to write. */
export function isOutOfRoom(error: unknown): boolean {
  const cause = error instanceof DistilleryError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && ROOM.has(String(cause.code));
}
