import { BadInputError, DistilleryError, messageOf, type Problem } from '../errors.ts';

/** The answer to a question that failed: the problems of bad input, or the words of any other error. @param where the error is about */
export function refusalOf(
  where: string,
  error: unknown,
): { readonly kind: 'refused'; readonly problems: readonly Problem[] } {
  if (error instanceof BadInputError) return { kind: 'refused', problems: error.problems };
  const hint = error instanceof DistilleryError ? error.hint : undefined;
  return { kind: 'refused', problems: [{ where, message: messageOf(error), ...(hint !== undefined && { hint }) }] };
}
