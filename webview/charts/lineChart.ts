import uPlot from 'uplot';
import { linkButton } from '../components/linkButton.ts';
import { menu } from '../components/menu.ts';
import { tableToggle } from '../components/tableToggle.ts';
import { element, setAttributes } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';
import { ChartLegend } from './chartLegend.ts';
import { chartSvg } from './chartSvg.ts';
import { ChartTable } from './chartTable.ts';
import { areViewsAlike, zoomByKey, type ChartView, type ZoomRange } from './chartView.ts';
import { alignedData, drawnLines, type DrawnLine } from './drawnLines.ts';
import { plotOptions } from './plotOptions.ts';
import { savePixels, saveSvg, saveValues } from './saveChart.ts';
import { areAlike, describeSeries, shownEpochs, type ChartFormat, type Series } from './series.ts';
import { Timeline } from './timeline.ts';
import { formatX, nameOfAxis } from './xAxis.ts';

const HEIGHT = 220;

export interface LineChartOptions {
  readonly id: 'loss' | 'accuracy' | 'validationLoss' | 'learningRate' | 'speed';
  readonly title: string;
  readonly format: ChartFormat;
  /** Whether values span powers of ten, so that a logarithmic scale is offered. */
  readonly spansPowers: boolean;
  /** Whether values scatter from step to step, so that a moving average says more than they do. */
  readonly scatters: boolean;
  /** Called when a person looks at a part of the x axis; undefined for the whole. */
  readonly onZoom: (range: ZoomRange | undefined) => void;
}

/** Lines over a training, with a legend that reads values out, a table of the same data, and ways to save both. */
export class LineChart {
  readonly element: HTMLElement;
  readonly #options: LineChartOptions;
  readonly #plotArea: HTMLElement;
  readonly #legend: ChartLegend;
  readonly #table: ChartTable;
  #series: readonly Series[] = [];
  #lines: readonly DrawnLine[] = [];
  #view: ChartView = { timeline: new Timeline('epoch', []), epochs: 1, smoothing: 0, zoom: undefined };
  #wasLogarithmic = false;
  #drawn = '';
  #plot: uPlot | undefined;

  constructor(options: LineChartOptions) {
    const { id, title, format } = options;
    this.#options = options;
    this.#legend = new ChartLegend(format.value);
    this.#table = new ChartTable({ caption: title, format: format.value, testId: `chart.${id}.table` });
    this.#plotArea = element('div', {
      class: 'chart-plot',
      role: 'img',
      tabindex: 0,
      'aria-keyshortcuts': '+ - ArrowLeft ArrowRight 0',
      title: t('Drag over a part to look at it closely, double-click for the whole; or + and −, arrows and 0.'),
    });
    this.#plotArea.addEventListener('keydown', (event) => {
      this.#zoomByKey(event);
    });
    this.#plotArea.addEventListener('dblclick', () => {
      options.onZoom(undefined);
    });
    const toggle = tableToggle(`chart.${id}`, title, this.#table.element, () => {
      this.#table.update(this.#series);
    });
    const tools = element('div', { class: 'chart-tools' });
    if (options.spansPowers) tools.append(this.#logarithmToggle());
    tools.append(toggle, this.#saveMenu());
    this.element = element(
      'section',
      { class: 'chart', 'data-testid': `chart.${id}`, 'aria-label': title },
      element('h3', {}, title),
      this.#plotArea,
      element('div', { class: 'chart-foot' }, this.#legend.element, tools),
      this.#table.element,
    );
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#plotArea);
  }

  /** Draws other values, or the same in another way. */
  update(series: readonly Series[], view: ChartView): void {
    const [seriesBefore, viewBefore, wasLogarithmic] = [this.#series, this.#view, this.#wasLogarithmic];
    this.#series = series;
    this.#view = this.#options.scatters ? view : { ...view, smoothing: 0 };
    this.#wasLogarithmic = this.#isLogarithmic;
    const isSame =
      wasLogarithmic === this.#isLogarithmic &&
      areViewsAlike(viewBefore, this.#view) &&
      series.length === seriesBefore.length &&
      series.every((line, index) => seriesBefore[index] !== undefined && areAlike(line, seriesBefore[index]));
    if (this.#plot && isSame) return;
    this.#lines = drawnLines(series, this.#view, this.#isLogarithmic);
    if (!this.#table.element.hidden) this.#table.update(series);
    setAttributes(this.#plotArea, {
      'aria-label': `${this.#options.title}. ${describeSeries(series, this.#options.format.value)}`,
    });
    if (!this.#plot || this.#look() !== this.#drawn) {
      this.redraw();
      return;
    }
    this.#plot.setData(alignedData(this.#lines));
    this.#legend.update(series);
  }

  /** Draws everything anew, in the colours of the theme. */
  redraw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#legend.redraw(this.#series);
    this.#drawn = this.#look();
    if (this.#series.length === 0) return;
    const options = plotOptions({
      lines: this.#lines,
      axis: this.#view.timeline.axis,
      format: this.#options.format,
      isLogarithmic: this.#isLogarithmic,
      range: () => this.#range(),
      onZoom: this.#options.onZoom,
      onPoint: (places, data) => {
        this.#legend.showAt(places, data);
      },
    });
    this.#plot = new uPlot({ ...options, ...this.#size() }, alignedData(this.#lines), this.#plotArea);
  }

  get #isLogarithmic(): boolean {
    return this.#options.spansPowers && (uiState().logarithmic ?? []).includes(this.#options.id);
  }

  /** What a plot cannot change once it is made. */
  #look(): string {
    const lines = this.#lines.map(({ series, isFaint }) => [
      series.label,
      series.color,
      series.y.length < 40,
      series.means === undefined,
      isFaint,
    ]);
    return JSON.stringify([lines, this.#isLogarithmic, this.#view.timeline.axis]);
  }

  #whole(): ZoomRange {
    const { timeline, epochs } = this.#view;
    const shown = shownEpochs(this.#series, epochs);
    const ends = this.#series.map(({ network }) => timeline.at(network, shown));
    const last = this.#series
      .filter(({ isLevel }) => !isLevel)
      .map(({ network, x }) => timeline.at(network, x.at(-1) ?? 0));
    // Of networks that take a different time for an epoch, those that are done have no more to show.
    return { from: 0, to: epochs === 0 ? Math.max(...last, 1e-9) : Math.max(...ends.slice(0, 1), ...last, 1e-9) };
  }

  #range(): ZoomRange {
    return this.#view.zoom ?? this.#whole();
  }

  #zoomByKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const range = zoomByKey(event.key, this.#range(), this.#whole().to);
    if (range === null) return;
    event.preventDefault();
    this.#options.onZoom(range);
  }

  #logarithmToggle(): HTMLElement {
    const { id, title } = this.#options;
    const toggle = linkButton({
      testId: `chart.${id}.logarithmic`,
      label: t('Log scale'),
      description: t('Log scale: {0}', title),
      onClick: () => {
        const kept = uiState().logarithmic ?? [];
        keepUi({ logarithmic: kept.includes(id) ? kept.filter((each) => each !== id) : [...kept, id] });
        show();
        this.update(this.#series, this.#view);
      },
    });
    const show = (): void => {
      setAttributes(toggle.element, { 'aria-pressed': String(this.#isLogarithmic) });
    };
    show();
    return toggle.element;
  }

  #saveMenu(): HTMLElement {
    const { id, title } = this.#options;
    return menu({
      testId: `chart.${id}.save`,
      label: t('Save as'),
      description: t('Save as a file: {0}', title),
      entries: [
        {
          id: 'svg',
          label: 'SVG',
          onChoose: () => {
            saveSvg(id, this.#picture());
          },
        },
        {
          id: 'png',
          label: 'PNG',
          onChoose: () => {
            void savePixels(id, this.#picture());
          },
        },
        {
          id: 'csv',
          label: 'CSV',
          onChoose: () => {
            saveValues(id, this.#series);
          },
        },
      ],
    });
  }

  #picture(): string {
    const { axis } = this.#view.timeline;
    return chartSvg({
      title: this.#options.title,
      xLabel: nameOfAxis(axis),
      lines: this.#lines,
      range: this.#range(),
      isLogarithmic: this.#isLogarithmic,
      formatX: (value) => formatX(axis, value),
      formatY: this.#options.format.tick,
    });
  }

  #size(): { readonly width: number; readonly height: number } {
    return { width: Math.max(200, this.#plotArea.clientWidth), height: HEIGHT };
  }
}
