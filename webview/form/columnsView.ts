import type { ColumnFacts } from '../../src/protocol/experimentFacts.ts';
import { formatPercent } from '../../src/report/format.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';

const MOST_WORDS = 3;

/** The columns of a table: what each is used as, what it holds, what is missing. Closed at first, as there may be many. */
export function columnsView(columns: readonly ColumnFacts[]): readonly HTMLElement[] {
  if (columns.length === 0) return [];
  const head = [t('Column'), t('Used as'), t('Values'), t('Missing')].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  const rows = columns.map((column) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', title: column.name }, column.name),
      element('td', {}, useText(column.use)),
      element('td', { title: column.frequent.join(', ') }, valuesText(column)),
      element('td', {}, column.missing === 0 ? '' : formatPercent(column.missing)),
    ),
  );
  return [
    element(
      'details',
      { class: 'facts-columns' },
      element('summary', {}, t('{0} columns', String(columns.length))),
      element(
        'table',
        { class: 'facts-table' },
        element('thead', {}, element('tr', {}, ...head)),
        element('tbody', {}, ...rows),
      ),
    ),
  ];
}

function useText(use: ColumnFacts['use']): string {
  switch (use) {
    case 'target':
      return t('target');
    case 'number':
      return t('number');
    case 'category':
      return t('category');
    case 'date':
      return t('date');
    case 'text':
      return t('text');
    case 'group':
      return t('group');
    case 'left out':
      return t('left out');
  }
}

function valuesText({ range, frequent }: ColumnFacts): string {
  if (!range) return frequent.slice(0, MOST_WORDS).join(', ');
  const [least, most] = [range.least, range.most].map((value) => String(Number(value.toPrecision(4))));
  return `${least ?? ''} … ${most ?? ''}`;
}
