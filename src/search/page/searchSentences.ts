import type { SearchResult, TrialOutcome } from '../searchResult.ts';
import type { Translate } from './pageTexts.ts';
import { titleOf } from './searchTable.ts';

/** What is looked for, by what strategy, and how its trials ended. */
export function goesSentence({ aims, strategy, trials }: SearchResult, t: Translate): string {
  const ends: readonly (readonly [number, string])[] = [
    [count(trials, 'finished'), t('{0} finished', count(trials, 'finished'))],
    [count(trials, 'paused'), t('{0} stopped early', count(trials, 'paused'))],
    [count(trials, 'refused'), t('{0} refused', count(trials, 'refused'))],
    [count(trials, 'failed'), t('{0} failed', count(trials, 'failed'))],
  ];
  const told = ends.filter(([number]) => number > 0).map(([, text]) => text);
  const looked = aims.map(({ name, direction }) =>
    direction === 'maximize' ? t('high {0}', titleOf(name, t)) : t('low {0}', titleOf(name, t)),
  );
  const how = t('Looks for {0} by the strategy {1}.', looked.join(', '), strategy);
  return told.length === 0 ? how : `${how} ${t('Trials: {0}.', told.join(', '))}`;
}

/** Why a search ended, where that is not that all trials are done. */
export function endSentence({ endedBy }: Pick<SearchResult, 'endedBy'>, t: Translate): string {
  switch (endedBy) {
    case null:
    case 'trials':
    case 'stopped':
      return '';
    case 'space':
      return t('The space has no more points.');
    case 'refusals':
      return t('It gave up, because nearly every trial was refused: the limits leave too little of the space.');
    case 'minutes':
      return t('Its time was up.');
  }
}

/** Trials that ended so. */
export function count(trials: readonly TrialOutcome[], state: TrialOutcome['state']): number {
  return trials.filter((trial) => trial.state === state).length;
}
