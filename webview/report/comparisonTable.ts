import { element } from '../dom.ts';
import type { ReportText } from '../../src/report/wording/reportText.ts';
import { t } from '../l10n.ts';
import { written } from './reportTexts.ts';

interface Row {
  readonly id: string;
  readonly label: string;
  readonly teacher: string | null;
  readonly student: string | null;
  readonly baseline: string | null;
  readonly change: ReportText | null;
}

/** Teacher, student and baseline side by side. Columns of networks that there are not are left out. */
export function comparisonTable(options: {
  readonly testId: string;
  readonly caption: string;
  readonly heading: string;
  readonly rows: readonly Row[];
  readonly hasTeacher: boolean;
  readonly hasBaseline: boolean;
}): HTMLElement {
  const { testId, caption, heading, rows, hasTeacher, hasBaseline } = options;
  const columns = [
    ...(hasTeacher ? [{ key: 'teacher', title: t('Teacher') } as const] : []),
    { key: 'student', title: t('Student') } as const,
    ...(hasTeacher ? [{ key: 'change', title: t('Against teacher') } as const] : []),
    ...(hasBaseline ? [{ key: 'baseline', title: t('Baseline') } as const] : []),
  ];
  const head = [heading, ...columns.map(({ title }) => title)];
  const body = rows.map((row) =>
    element(
      'tr',
      { 'data-testid': `${testId}.${row.id}` },
      element('th', { scope: 'row' }, row.label),
      ...columns.map(({ key }) => element('td', { class: key }, written(row[key] ?? '–'))),
    ),
  );
  return element(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      // A lone column would stand far from what it is about.
      { 'data-testid': testId, class: columns.length === 1 ? 'lone' : undefined },
      element('caption', { class: 'visually-hidden' }, caption),
      element('thead', {}, element('tr', {}, ...head.map((title) => element('th', { scope: 'col' }, title)))),
      element('tbody', {}, ...body),
    ),
  );
}
