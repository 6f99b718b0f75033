import type { ShownSample } from '../../src/protocol/quality.ts';
import { drawFigure } from '../../src/drawings/drawFigure.ts';
import type { ReportSection, SectionFigure, SectionSample, SectionTable } from '../../src/protocol/reportSection.ts';
import { element } from '../dom.ts';
import { drawn } from './drawing.ts';
import { written } from './reportTexts.ts';
import { tableToggle } from './tableToggle.ts';
import { tableView } from './tableView.ts';

/** A part of the report, to be folded out. */
export function sectionView({ id, title, isLong, sentences, figure, table, samples }: ReportSection): HTMLElement {
  const heading = written(title);
  return element(
    'details',
    { class: 'group', 'data-testid': `report.${id}`, open: !isLong || figure !== undefined },
    element('summary', {}, heading),
    ...sentences.map((sentence) => element('p', {}, written(sentence))),
    ...(figure && table ? figureView(`report.${id}`, figure, table, heading) : []),
    ...(table && !figure ? [tableView(table, heading)] : []),
    ...(samples ? [element('ul', { class: 'samples' }, ...samples.map(sampleView))] : []),
  );
}

/** A drawing, and its table on demand. */
function figureView(id: string, figure: SectionFigure, table: SectionTable, title: string): HTMLElement[] {
  const rows = tableView(table, title);
  return [
    element(
      'div',
      { class: 'drawn' },
      element(
        'div',
        { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': title },
        drawn(drawFigure(figure, title, written)),
      ),
      tableToggle(id, title, rows),
    ),
    rows,
  ];
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
