import * as z from 'zod';
import { BadInputError, DistilleryError } from '../errors.ts';
import { summaryOf } from '../search/page/searchTable.ts';
import { runSearch } from '../search/runSearch.ts';
import type { SearchRequest } from '../launching/launchSearch.ts';
import { problemLine } from './wording.ts';

const requestSchema = z.object({
  experiment: z.unknown(),
  folder: z.string(),
  baseDirectory: z.string(),
  cacheFolder: z.string(),
  atOnce: z.number(),
  language: z.string().exactOptional(),
}) satisfies z.ZodType<SearchRequest>;

/**
 * Searches as it is asked to, and tells how it goes.
 *
 * @param question JSON of a `SearchRequest`
 * @param signal stops the search, which can go on later
 * @param tell takes a line for the log
 * @returns what came of it, as a sentence
 * @throws DistilleryError with every problem in its message, a line each
 */
export async function searchAsked(
  question: string,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<string> {
  const { experiment, ...options } = requestSchema.parse(JSON.parse(question));
  try {
    const result = await runSearch(experiment, {
      ...options,
      signal,
      onEvent: (event) => {
        tell(event.kind === 'note' ? event.message : `Trial ${event.job.trial} ${event.kind}.`);
      },
    });
    return summaryOf(result);
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new DistilleryError('BAD_INPUT', error.problems.map(problemLine).join('\n'), { cause: error });
  }
}
