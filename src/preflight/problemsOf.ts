import { DistilleryError, problemsOfError, type Problem } from '../errors.ts';

/** Problems of an error that was raised while `where` was read. Errors that are not about input are thrown again. */
export function problemsOf(where: string, error: unknown): readonly Problem[] {
  const isOfInput = error instanceof DistilleryError && error.code !== 'INTERNAL' && error.code !== 'CANCELLED';
  if (isOfInput) return problemsOfError(error, where);
  throw error;
}
