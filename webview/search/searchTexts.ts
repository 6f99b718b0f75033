import type { SearchHostMessage } from '../../src/protocol/searchPage.ts';
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
