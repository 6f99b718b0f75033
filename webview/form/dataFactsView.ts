import type { DataExample, DataFacts, DataFinding } from '../../src/protocol/experimentFacts.ts';
import { formatInteger } from '../../src/report/format.ts';
import type { ShownSample } from '../../src/report/quality.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { columnsView } from './columnsView.ts';
import { found } from '../found.ts';
import { changeButton, line, type ShowField } from './factParts.ts';

/** More classes than this are counted and not drawn. */
const MOST_BARS = 60;
/** Columns of a row that are shown; a row of a table may have hundreds. */
const MOST_COLUMNS = 5;

/** What data are: a few samples, the splits, the classes, and what was assumed with a way to change it. */
export function dataFacts(data: DataFacts, showField: ShowField): readonly HTMLElement[] {
  const { training, validation, test, classes, counts, findings, examples } = data;
  const splits = [
    t('{0} to learn from', formatInteger(training)),
    t('{0} to choose by', formatInteger(validation)),
    t('{0} to test', formatInteger(test)),
  ];
  const counted = line(splits);
  counted.append(' ', changeButton('dataset.validation', t('Change the splits'), showField));
  return [
    line([found(data.format), found(data.task)]),
    ...shownExamples(examples),
    counted,
    ...histogram(classes, counts),
    ...columnsView(data.columns),
    ...findings.map((finding) => findingView(finding, showField)),
  ];
}

function shownExamples(examples: readonly DataExample[]): readonly HTMLElement[] {
  const rows = examples.flatMap(({ shown, label }) =>
    shown.kind === 'features' ? [{ features: shown.features, label }] : [],
  );
  if (rows.length > 0) return [rowsTable(rows)];
  const kind = examples[0]?.shown.kind;
  if (kind === undefined) return [];
  const items = examples.map((example) => element('li', {}, exampleView(example)));
  return [element('ul', { class: `examples ${kind}`, 'aria-label': t('Training samples') }, ...items)];
}

function exampleView({ shown, label }: DataExample): HTMLElement {
  const caption = label === null ? [] : [element('figcaption', { title: label }, label)];
  switch (shown.kind) {
    case 'picture':
    case 'series':
      return element('figure', {}, element('img', { src: shown.picture, alt: '' }), ...caption);
    case 'text':
      return element('figure', {}, element('blockquote', { title: shown.text }, shown.text), ...caption);
    case 'features':
      return element('figure', {}, ...caption);
  }
}

type Row = Pick<DataExample, 'label'> & { readonly features: Extract<ShownSample, { kind: 'features' }>['features'] };

/** The first columns of a few rows, and what they are labelled with. */
function rowsTable(rows: readonly Row[]): HTMLElement {
  const names = (rows[0]?.features ?? []).map(({ name }) => name);
  const shown = names.slice(0, MOST_COLUMNS);
  const others = names.length - shown.length;
  const more = others > 0 ? [t('{0} more', others)] : [];
  const head = [...shown, ...more, t('Label')].map((name) => element('th', { scope: 'col', title: name }, name));
  const body = rows.map(({ features, label }) =>
    element(
      'tr',
      {},
      ...features.slice(0, MOST_COLUMNS).map(({ value }) => element('td', { title: value }, value)),
      ...more.map(() => element('td', {}, '…')),
      element('td', { title: label ?? '' }, label ?? '–'),
    ),
  );
  return element(
    'table',
    { class: 'facts-table examples-table' },
    element('caption', { class: 'visually-hidden' }, t('Training samples')),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
}

/** Training samples per class, as bars. */
function histogram(classes: readonly string[], counts: readonly number[]): readonly HTMLElement[] {
  if (classes.length === 0) return [];
  const summary = t('{0} classes', formatInteger(classes.length));
  if (counts.length === 0) return [line([summary])];
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const caption =
    least === most
      ? t('{0} with {1} training samples each', summary, formatInteger(most))
      : t('{0} with {1} to {2} training samples', summary, formatInteger(least), formatInteger(most));
  // Bars of one height show nothing.
  if (counts.length > MOST_BARS || least === most) return [line([caption])];
  const said = classes.map((name, index) => `${name}: ${formatInteger(counts[index] ?? 0)}`);
  const bars = counts.map((count, index) => {
    const bar = element('span', { title: said[index] });
    bar.style.setProperty('height', `${Math.round((count / Math.max(1, most)) * 100)}%`);
    return bar;
  });
  const label = t('Training samples per class: {0}', said.join(', '));
  return [
    element(
      'figure',
      { class: 'histogram' },
      element('div', { class: 'bars', role: 'img', 'aria-label': label }, ...bars),
      element('figcaption', {}, caption),
    ),
  ];
}

/** What was assumed, or should be checked; where a setting decides it, with a way there. */
function findingView({ severity, where, sentence }: DataFinding, showField: ShowField): HTMLElement {
  // The data themselves are chosen right above.
  const isSetting = where.startsWith('dataset.') && where !== 'dataset.path';
  return element(
    'p',
    { class: severity === 'warning' ? 'facts-warning' : 'facts-assumed' },
    found(sentence),
    ...(isSetting ? [' ', changeButton(where, t('Change this'), showField)] : []),
  );
}
