import { lineOfEvent } from '../search/page/lineOfEvent.ts';
import { runSearch, type RunSearchOptions } from '../search/runSearch.ts';
import type { SearchResult } from '../search/searchResult.ts';
import type { GivenArguments } from './command.ts';
import { usualCacheFolder } from './commands/cacheCommand.ts';
import { exitCode, type Terminal } from './terminal.ts';

/**
 * Searches, shows how it goes, and stops it at Ctrl-C, so that it can go on.
 *
 * @throws BadInputError with everything that is wrong with the experiment
 */
export async function followSearch(
  experiment: unknown,
  options: Pick<RunSearchOptions, 'folder' | 'baseDirectory' | 'atOnce'>,
  { switches }: Pick<GivenArguments, 'switches'>,
  terminal: Terminal,
): Promise<SearchResult> {
  const stop = new AbortController();
  const stopListening = terminal.onInterrupt((interruption) => {
    if (interruption === 'asked' && stop.signal.aborted) terminal.exit(exitCode.interrupted);
    else stop.abort();
  });
  try {
    return await runSearch(experiment, {
      ...options,
      cacheFolder: usualCacheFolder(terminal.directory),
      signal: stop.signal,
      onEvent: (event) => {
        if (!switches.has('quiet')) terminal.error.write(`${lineOfEvent(event)}\n`);
      },
    });
  } finally {
    stopListening();
  }
}
