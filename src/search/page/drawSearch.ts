import type { SearchDrawing } from '../../protocol/searchPage.ts';
import { leaseStateOf } from '../../runFolder/runLease.ts';
import { trialFolder } from '../../runFolder/searchFolder.ts';
import { readProgress } from '../readProgress.ts';
import { readSearch } from '../readSearch.ts';
import type { SearchResult } from '../searchResult.ts';
import type { Translate } from './pageTexts.ts';
import { searchBody } from './renderSearch.ts';
import { count, endSentence, goesSentence } from './searchSentences.ts';
import { titleOf, writeFigure } from './searchTable.ts';

/**
 * Draws a search as its folder has it; undefined while there is nothing.
 * @throws DistilleryError `BAD_FILE` when the folder holds something else
 */
export async function drawSearch(folder: string, t: Translate): Promise<SearchDrawing | undefined> {
  const result = await readSearch(folder);
  if (!result) return undefined;
  const { open, seconds, lastEndAt } = await readProgress(folder);
  // What it took when it was killed in the middle of a trial counts for nothing, as for the limit in minutes.
  const state = leaseStateOf(folder);
  const began = state.kind === 'held' ? Date.parse(state.lease.since) : Date.now();
  const { name, mostTrials, trials } = result;
  return {
    name,
    goes: goesSentence(result, t),
    ended: endSentence(result, t),
    counts: {
      finished: count(trials, 'finished'),
      paused: count(trials, 'paused'),
      refused: count(trials, 'refused'),
      failed: count(trials, 'failed'),
    },
    mostTrials,
    open,
    seconds,
    countedAt: Math.max(began, lastEndAt ?? began),
    best: bestOf(result, t),
    folders: Object.fromEntries(
      [...trials.map(({ number }) => number), ...open].map((trial) => [trial, trialFolder(trial)]),
    ),
    body: searchBody(result, {
      t,
      linkOf: ({ state, number }) => (state === 'refused' ? null : `#trial-${number}`),
    }).text,
  };
}

function bestOf({ trials, front, aims }: SearchResult, t: Translate): SearchDrawing['best'] {
  const best = trials.find(({ number }) => number === front[0]);
  if (!best) return null;
  const figures = aims.map(({ name }) => `${titleOf(name, t)} ${writeFigure(name, best[name])}`).join(', ');
  return { trial: best.number, figures };
}
