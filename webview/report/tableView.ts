import type { SectionTable } from '../../src/report/reportSection.ts';
import { element } from '../dom.ts';
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
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, written(heading)),
            ...cells.map((cell) => element('td', {}, written(cell))),
          ),
        ),
      ),
    ),
  );
}
