import { BadInputError, type Problem } from '../../errors.ts';

/** Problems listed at most; a folder of ten thousand broken images is one mistake. */
const MOST_LISTED = 20;

/** Something wrong with the files that `dataset.path` points at. */
export function pathProblem(message: string, hint?: string): Problem {
  return hint === undefined ? { where: 'dataset.path', message } : { where: 'dataset.path', message, hint };
}

/** The first problems, and how many more of `what` (such as `images`) there are. */
export function shortList(problems: readonly Problem[], what: string): readonly Problem[] {
  if (problems.length <= MOST_LISTED) return problems;
  const more = problems.length - MOST_LISTED;
  return [...problems.slice(0, MOST_LISTED), pathProblem(`${more} more ${what} have problems like these.`)];
}

/** Files that cannot be used for the same reason: what many have in common is one mistake. */
export interface AlikeFiles {
  readonly reason: string;
  readonly first: string;
  readonly count: number;
}

/** Gathers files by the reason why they cannot be used, in the order in which the reasons come. */
export function alikeFiles(reasons: readonly (readonly [file: string, reason: string])[]): readonly AlikeFiles[] {
  const found = new Map<string, AlikeFiles>();
  for (const [file, reason] of reasons) {
    const { first = file, count = 0 } = found.get(reason) ?? {};
    found.set(reason, { reason, first, count: count + 1 });
  }
  return [...found.values()];
}

/** @throws BadInputError when there are problems */
export function refuseIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new BadInputError(problems);
}

/**
 * Waits for all, and gathers what is wrong with all of them.
 *
 * @throws BadInputError with the problems of every task that was refused; any other error as it is
 */
export async function allOrProblems<T extends readonly unknown[]>(tasks: {
  readonly [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  const problems: Problem[] = [];
  const results: unknown[] = [];
  for (const outcome of await Promise.allSettled(tasks)) {
    if (outcome.status === 'fulfilled') results.push(outcome.value);
    else if (outcome.reason instanceof BadInputError) problems.push(...outcome.reason.problems);
    else throw outcome.reason;
  }
  refuseIfAny(problems);
  return results as unknown as T;
}
