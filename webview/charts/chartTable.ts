import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { tableRows, type Series } from './series.ts';

/** A chart's data as a table: a row per epoch, a column per line. */
export class ChartTable {
  readonly element: HTMLElement;
  readonly #head = element('thead');
  readonly #body = element('tbody');
  readonly #format: (value: number) => string;

  constructor(options: {
    readonly caption: string;
    readonly testId: string;
    readonly format: (value: number) => string;
  }) {
    this.#format = options.format;
    const table = element(
      'table',
      { 'data-testid': options.testId },
      element('caption', { class: 'visually-hidden' }, options.caption),
      this.#head,
      this.#body,
    );
    this.element = element(
      'div',
      { class: 'chart-table', tabindex: 0, role: 'region', 'aria-label': options.caption },
      table,
    );
  }

  update(series: readonly Series[]): void {
    const headings = [t('Epoch'), ...series.map(({ label }) => label)];
    this.#head.replaceChildren(
      element('tr', {}, ...headings.map((heading) => element('th', { scope: 'col' }, heading))),
    );
    this.#body.replaceChildren(
      ...tableRows(series).map(([epoch, ...values]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, String(epoch)),
          ...values.map((value) => element('td', {}, value === null ? '–' : this.#format(value))),
        ),
      ),
    );
  }
}
