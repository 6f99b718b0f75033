import type uPlot from 'uplot';
import { element, setText } from '../dom.ts';
import type { Series } from './series.ts';
import { readTheme } from './theme.ts';

/** Names of the lines with their values: the newest, or those under the pointer. */
export class ChartLegend {
  readonly element = element('ul', { class: 'chart-legend' });
  readonly #format: (value: number) => string;
  #series: readonly Series[] = [];
  #values: readonly HTMLElement[] = [];

  constructor(format: (value: number) => string) {
    this.#format = format;
  }

  /** Shows the newest values of the same lines. */
  update(series: readonly Series[]): void {
    this.#series = series;
    this.showAt(undefined, []);
  }

  /** Names the lines anew, in the colours of the theme. */
  redraw(series: readonly Series[]): void {
    const theme = readTheme();
    this.#values = series.map(() => element('span', { class: 'chart-value' }));
    this.element.replaceChildren(
      ...series.map(({ label, color, isDashed }, index) => {
        const swatch = element('span', { class: isDashed ? 'swatch dashed' : 'swatch', 'aria-hidden': 'true' });
        swatch.style.setProperty('border-top-color', theme.color(color));
        return element('li', {}, swatch, label, ' ', this.#values[index] ?? '');
      }),
    );
    this.update(series);
  }

  /** Shows the values at a position of the chart's data, or the newest ones. */
  showAt(index: number | undefined, data: uPlot.AlignedData | readonly []): void {
    this.#series.forEach(({ y }, line) => {
      const value = index === undefined ? y.findLast((candidate) => candidate !== null) : data[line + 1]?.[index];
      const target = this.#values[line];
      if (target) setText(target, value === undefined || value === null ? '' : this.#format(value));
    });
  }
}
