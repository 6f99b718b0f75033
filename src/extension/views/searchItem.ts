import * as vscode from 'vscode';
import type { StoredSearch } from '../../launching/readSearches.ts';
import { describedItem } from './describedItem.ts';
import { describeSearch } from './describeSearch.ts';
import { openSelected } from './runItem.ts';

/**
 * How a view shows a search.
 * @param isInExperiment whether it stands below its experiment, which then needs no telling
 */
export function searchItem(search: StoredSearch, isStopping: boolean, isInExperiment: boolean): vscode.TreeItem {
  const label = isInExperiment ? vscode.l10n.t('Search') : vscode.l10n.t('Search: {0}', search.name);
  const described = describeSearch(search, { isStopping, translate: vscode.l10n.t });
  const item = describedItem(label, `search ${search.folder}`, described);
  item.tooltip = search.folder;
  item.command = openSelected('experiments', vscode.l10n.t('Open Search'));
  return item;
}
