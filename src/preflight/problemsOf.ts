import { BadInputError, DistilleryError, type Problem } from '../errors.ts';

/** Problems of an error that was raised while `where` was read. Errors that are not about input are thrown again. */
export function problemsOf(where: string, error: unknown): readonly Problem[] {
  if (error instanceof BadInputError) return error.problems;
  if (error instanceof DistilleryError && error.code !== 'INTERNAL' && error.code !== 'CANCELLED') {
    return [{ where, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }];
  }
  throw error;
}
