import type uPlot from 'uplot';
import { element, setText } from '../dom.ts';
import type { Places } from './plotOptions.ts';
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

  /** Shows the values at positions of the chart's data, or the newest ones. */
  showAt(places: Places | undefined, data: uPlot.AlignedData | readonly []): void {
    this.#series.forEach(({ y }, line) => {
      const place = places?.[line + 1];
      const under = typeof place === 'number' ? data[line + 1]?.[place] : undefined;
      const value = places === undefined ? y.findLast((candidate) => candidate !== null) : under;
      const target = this.#values[line];
      if (target) setText(target, value === undefined || value === null ? '' : this.#format(value));
    });
  }
}
