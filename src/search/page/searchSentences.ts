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
  const how = t('Looks for {0} by {1}.', looked.join(', '), strategyWords(strategy, t));
  return told.length === 0 ? how : `${how} ${t('Trials: {0}.', told.join(', '))}`;
}

/** What a strategy does, as the end of `by …`; one that a later version has is called by its name. */
function strategyWords(strategy: string, t: Translate): string {
  switch (strategy) {
    case 'grid':
      return t('trying every combination');
    case 'random':
      return t('trials at random');
    case 'tpe':
      return t('what the good trials have in common (TPE)');
    case 'halving':
      return t('training the better third of the trials on (successive halving)');
    case 'nsga2':
      return t('crossing the best trials (NSGA-II)');
    default:
      return strategy;
  }
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
