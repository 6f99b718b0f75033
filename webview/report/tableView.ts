import type { SectionTable } from '../../src/report/reportSection.ts';
import { isLongText } from '../../src/report/wording/isLongText.ts';
import { element } from '../dom.ts';
import type { ReportText } from '../../src/report/wording/reportText.ts';
import { written } from './reportTexts.ts';

/** A table of the report; a wide one is scrolled on its own. */
export function tableView({ head, rows }: SectionTable, caption: string): HTMLElement {
  return element(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'visually-hidden' }, caption),
      element('thead', {}, element('tr', {}, ...head.map((cell) => element('th', { scope: 'col' }, written(cell))))),
      element(
        'tbody',
        {},
        ...rows.map(([heading = '', ...cells]) =>
          element('tr', {}, element('th', { scope: 'row' }, written(heading)), ...cells.map(cellView)),
        ),
      ),
    ),
  );
}

function cellView(cell: ReportText): HTMLElement {
  const text = written(cell);
  return element('td', { class: isLongText(text) ? 'long' : undefined }, text);
}
