import { problemsOfError, type Problem } from '../errors.ts';

/** The answer to a question that failed: the problems of bad input, or the words of any other error. @param where the error is about */
export function refusalOf(
  where: string,
  error: unknown,
): { readonly kind: 'refused'; readonly problems: readonly Problem[] } {
  return { kind: 'refused', problems: problemsOfError(error, where) };
}
