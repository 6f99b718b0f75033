import uPlot from 'uplot';
import { tableToggle } from '../components/tableToggle.ts';
import { element, setAttributes } from '../dom.ts';
import { ChartLegend } from './chartLegend.ts';
import { ChartTable } from './chartTable.ts';
import { describeSeries, shownEpochs, type ChartFormat, type Series } from './series.ts';
import { readTheme } from './theme.ts';

const HEIGHT = 220;

export interface LineChartOptions {
  readonly id: 'loss' | 'accuracy' | 'validationLoss';
  readonly title: string;
  readonly format: ChartFormat;
}

/** Lines over epochs, with a legend that reads values out and a table of the same data. */
export class LineChart {
  readonly element: HTMLElement;
  readonly #options: LineChartOptions;
  readonly #plotArea = element('div', { class: 'chart-plot', role: 'img' });
  readonly #legend: ChartLegend;
  readonly #table: ChartTable;
  #series: readonly Series[] = [];
  #epochs = 1;
  #plot: uPlot | undefined;

  constructor(options: LineChartOptions) {
    const { id, title, format } = options;
    this.#options = options;
    this.#legend = new ChartLegend(format.value);
    this.#table = new ChartTable({ caption: title, format: format.value, testId: `chart.${id}.table` });
    this.element = element(
      'section',
      { class: 'chart', 'data-testid': `chart.${id}`, 'aria-label': title },
      element(
        'div',
        { class: 'chart-heading' },
        element('h3', {}, title),
        tableToggle(`chart.${id}`, title, this.#table.element, () => {
          this.#table.update(this.#series);
        }),
      ),
      this.#plotArea,
      this.#legend.element,
      this.#table.element,
    );
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#plotArea);
  }

  /** Draws other values, over so many epochs. */
  update(series: readonly Series[], epochs: number): void {
    this.#epochs = epochs;
    const isSameShape = series.map(identity).join() === this.#series.map(identity).join();
    this.#series = series;
    if (!this.#table.element.hidden) this.#table.update(series);
    setAttributes(this.#plotArea, {
      'aria-label': `${this.#options.title}. ${describeSeries(series, this.#options.format.value)}`,
    });
    if (this.#plot && isSameShape) {
      this.#plot.setData(alignedData(series));
      this.#legend.update(series);
    } else {
      this.redraw();
    }
  }

  /** Draws everything anew, in the colours of the theme. */
  redraw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#legend.redraw(this.#series);
    if (this.#series.length === 0) return;
    this.#plot = new uPlot(this.#plotOptions(), alignedData(this.#series), this.#plotArea);
  }

  #plotOptions(): uPlot.Options {
    const theme = readTheme();
    const axis: uPlot.Axis = {
      stroke: theme.text,
      font: theme.font,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { stroke: theme.grid, width: 1, size: 4 },
    };
    const { format } = this.#options;
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { time: false, range: () => [0, shownEpochs(this.#series, this.#epochs)] },
        y: { range: (_plot, minimum, maximum) => padded(minimum, maximum, format.maximum) },
      },
      axes: [
        {
          ...axis,
          size: 34,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
          values: (_plot, ticks) => ticks.map(String),
        },
        { ...axis, size: 58, values: (_plot, ticks) => ticks.map(format.tick) },
      ],
      series: [
        {},
        ...this.#series.map(({ label, color, isDashed, y }) => ({
          label,
          stroke: theme.color(color),
          width: 2,
          spanGaps: false,
          points: { show: y.length < 40 && !isDashed, size: 5, fill: theme.color(color) },
          ...(isDashed && { dash: [6, 4] }),
        })),
      ],
      hooks: {
        setCursor: [
          (plot) => {
            this.#legend.showAt(plot.cursor.idx ?? undefined, plot.data);
          },
        ],
      },
    };
  }

  #size(): { readonly width: number; readonly height: number } {
    return { width: Math.max(200, this.#plotArea.clientWidth), height: HEIGHT };
  }
}

function identity({ label, color, isDashed, y }: Series): string {
  return `${label} ${color} ${isDashed} ${y.length < 40}`;
}

/** A little more than the values span. */
function padded(minimum: number, maximum: number, limit = Infinity): [number, number] {
  const margin = (maximum - minimum) * 0.06 || 0.05;
  return [Math.max(0, minimum - margin), Math.min(limit, maximum + margin)];
}

/** uPlot wants one x for all series. Where a series has no point it has `undefined`, which lines pass over. */
function alignedData(series: readonly Series[]): uPlot.AlignedData {
  return uPlot.join(series.map(({ x, y }) => [[...x], [...y]]));
}
