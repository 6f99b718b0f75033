import type { ShownSample } from '../../src/report/quality.ts';
import { drawFigure } from '../../src/report/drawings/drawFigure.ts';
import type { ReportSection, SectionFigure, SectionSample } from '../../src/report/reportSection.ts';
import { element } from '../dom.ts';
import { drawn } from './drawing.ts';
import { written } from './reportTexts.ts';
import { tableToggle } from '../components/tableToggle.ts';
import { tableView } from './tableView.ts';

/** A part of the report, to be folded out. */
export function sectionView(section: ReportSection): HTMLElement {
  const { id, title, isLong, sentences, figure, table, samples } = section;
  const heading = written(title);
  const said = sentences.map((sentence) => element('p', {}, written(sentence)));
  const rows = table && tableView(table, heading);
  return element(
    'details',
    { class: 'group', 'data-testid': `report.${id}`, open: !isLong || figure !== undefined },
    element('summary', {}, heading),
    ...(figure && rows
      ? drawnPart(`report.${id}`, heading, { said, figure, rows })
      : [...said, ...(rows ? [rows] : [])]),
    ...(samples ? [element('ul', { class: 'samples' }, ...samples.map(sampleView))] : []),
  );
}

interface DrawnPart {
  readonly said: readonly HTMLElement[];
  readonly figure: SectionFigure;
  readonly rows: HTMLElement;
}

/** What is said, a drawing, and its table on demand. */
function drawnPart(id: string, title: string, { said, figure, rows }: DrawnPart): HTMLElement[] {
  const drawing = drawn(drawFigure(figure, title, written));
  return [
    element('div', { class: 'drawing-heading' }, element('div', {}, ...said), tableToggle(id, title, rows)),
    element('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': title }, drawing),
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
    case 'series':
      return element('img', { class: 'series', src: shown.picture, alt: title });
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
