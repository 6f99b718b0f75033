import type { ShownSample } from '../../src/protocol/quality.ts';
import type { ReportSection, SectionSample, SectionTable } from '../../src/protocol/reportSection.ts';
import { element } from '../dom.ts';
import { written } from './reportTexts.ts';

/** A part of the report, to be folded out. */
export function sectionView({ id, title, isLong, sentences, table, samples }: ReportSection): HTMLElement {
  const heading = written(title);
  return element(
    'details',
    { class: 'group', 'data-testid': `report.${id}`, open: !isLong },
    element('summary', {}, heading),
    ...sentences.map((sentence) => element('p', {}, written(sentence))),
    ...(table ? [tableView(table, heading)] : []),
    ...(samples ? [element('ul', { class: 'samples' }, ...samples.map(sampleView))] : []),
  );
}

function tableView({ head, rows }: SectionTable, caption: string): HTMLElement {
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

function sampleView({ shown, heading, lines }: SectionSample): HTMLElement {
  const title = written(heading);
  return element(
    'li',
    {},
    ...(shown ? [sampleBody(shown, title)] : []),
    element('strong', {}, title),
    ...lines.map((line) => element('span', {}, written(line))),
  );
}

function sampleBody(shown: ShownSample, title: string): HTMLElement {
  switch (shown.kind) {
    case 'picture':
      return element('img', { src: shown.picture, alt: title });
    case 'features':
      return element(
        'dl',
        { class: 'features' },
        ...shown.features.flatMap(({ name, value }) => [element('dt', {}, name), element('dd', {}, value)]),
      );
    case 'text':
      return element('blockquote', {}, shown.text);
  }
}
