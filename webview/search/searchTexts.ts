import type { SearchDrawing, SearchHostMessage } from '../../src/protocol/searchPage.ts';
import { t } from '../l10n.ts';

/** How a search is at the moment, in a word or two. */
export function searchStateText({
  state,
  isStopping,
  answer,
}: Pick<Extract<SearchHostMessage, { readonly kind: 'search' }>, 'state' | 'isStopping' | 'answer'>): string {
  if (isStopping) return t('Stopping …');
  switch (state) {
    case 'running':
      return answer.kind === 'none' ? t('Preparing: models, data and a shared teacher') : t('Searching');
    case 'elsewhere':
      return t('Searching on another machine');
    case 'finished':
      return t('Finished');
    case 'stopped':
      return t('Stopped; it can go on where it was.');
    case 'interrupted':
      return t('Interrupted: its process is gone. It can go on where it was.');
  }
}

/** What is looked for, by what strategy, and how its trials ended. */
export function goesSentence({ strategy, aims, counts }: SearchDrawing): string {
  const ends: readonly (readonly [number, string])[] = [
    [counts.finished, t('{0} finished', counts.finished)],
    [counts.paused, t('{0} stopped early', counts.paused)],
    [counts.refused, t('{0} refused', counts.refused)],
    [counts.failed, t('{0} failed', counts.failed)],
  ];
  const told = ends.filter(([count]) => count > 0).map(([, text]) => text);
  const how = t('Looks for {0} by the strategy {1}.', aims.join(', '), strategy);
  return told.length === 0 ? how : `${how} ${t('Trials: {0}.', told.join(', '))}`;
}

/** Why it ended, where that is not that all trials are done. */
export function endSentence({ endedBy }: SearchDrawing, isRunning: boolean): string {
  if (isRunning) return '';
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
