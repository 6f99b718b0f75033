import type { StoredSearch } from '../../launching/readSearches.ts';
import type { SearchState } from '../../protocol/searchPage.ts';
import type { Translate } from '../translate.ts';
import type { ItemDescription } from './describedItem.ts';

const ICONS: Readonly<Record<SearchState, ItemDescription['icon']>> = {
  running: { name: 'loading~spin' },
  elsewhere: { name: 'vm-running' },
  finished: { name: 'search', color: 'testing.iconPassed' },
  stopped: { name: 'circle-slash', color: 'testing.iconSkipped' },
  interrupted: { name: 'debug-disconnect', color: 'testing.iconQueued' },
};

/** Describes a search: its state, and how many of its trials are done. Its context is `search.running`, `search.finished`… */
export function describeSearch(
  { name, state, done, mostTrials }: StoredSearch,
  { isStopping = false, translate: t }: { readonly isStopping?: boolean; readonly translate: Translate },
): ItemDescription {
  const told = isStopping ? t('Stopping …') : searchStateName(state, t);
  const trials = mostTrials > 0 ? t('{0} of {1} trials', done, mostTrials) : t('{0} trials', done);
  const description = `${told} · ${trials}`;
  return {
    description,
    accessibleLabel: `${t('Search: {0}', name)}, ${told}, ${trials}`,
    icon: ICONS[state],
    context: `search.${state}`,
  };
}

function searchStateName(state: SearchState, t: Translate): string {
  switch (state) {
    case 'running':
      return t('Searching');
    case 'elsewhere':
      return t('Searching on another machine');
    case 'finished':
      return t('Finished');
    case 'stopped':
      return t('Stopped');
    case 'interrupted':
      return t('Interrupted');
  }
}
