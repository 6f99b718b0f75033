import type { Closeup, RunSnapshot } from '../../src/protocol/snapshot.ts';
import { dropdown } from '../components/dropdown.ts';
import { linkButton } from '../components/linkButton.ts';
import { slider } from '../components/slider.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { keepUi, uiState } from '../vscodeApi.ts';
import type { ZoomRange } from './chartView.ts';
import { CloseLook } from './closeLook.ts';
import { LineChart, type LineChartOptions } from './lineChart.ts';
import {
  accuracyFormat,
  accuracySeries,
  learningRateFormat,
  lossFormat,
  lossSeries,
  networkSeries,
  speedFormat,
  validationLossSeries,
  type Series,
} from './series.ts';
import { watchTheme } from './theme.ts';
import { hasTimes, Timeline, type XAxis } from './timeline.ts';

/** The curves of a run, and how all of them are looked at. */
export class RunCharts {
  readonly element: HTMLElement;
  readonly #loss: LineChart;
  readonly #accuracy: LineChart;
  /** In place of the accuracy, where the task has none. */
  readonly #validationLoss: LineChart;
  readonly #learningRate: LineChart;
  readonly #speed: LineChart;
  readonly #whole = linkButton({
    testId: 'charts.whole',
    label: t('Show the whole'),
    onClick: () => {
      this.#zoomTo(undefined);
    },
  });
  readonly #noTimes = element('span', { class: 'hint' }, t('This run did not store times; epochs are shown.'));
  readonly #closeLook = new CloseLook(() => {
    this.#showAgain();
  });
  #zoom: ZoomRange | undefined;
  #run: RunSnapshot | undefined;
  #epochs = 0;

  constructor() {
    const make = (id: LineChartOptions['id'], title: string, format: typeof lossFormat): LineChart =>
      new LineChart({
        id,
        title,
        format,
        spansPowers: id === 'loss' || id === 'validationLoss' || id === 'learningRate',
        scatters: id === 'loss' || id === 'speed',
        onZoom: (range) => {
          this.#zoomTo(range);
        },
      });
    this.#accuracy = make('accuracy', t('Validation accuracy'), accuracyFormat);
    this.#validationLoss = make('validationLoss', t('Validation loss'), lossFormat);
    this.#loss = make('loss', t('Training loss, weighted: the parts add up'), lossFormat);
    this.#learningRate = make('learningRate', t('Learning rate'), learningRateFormat);
    this.#speed = make('speed', t('Samples per second'), speedFormat);
    const charts = [this.#accuracy, this.#validationLoss, this.#loss, this.#learningRate, this.#speed];
    this.element = element(
      'div',
      { class: 'run-charts' },
      this.#toolbar(),
      element('div', { class: 'charts' }, ...charts.map((chart) => chart.element)),
    );
    this.#whole.setVisible(false);
    watchTheme(() => {
      for (const chart of charts) chart.redraw();
    });
  }

  /** @param epochs that are planned; 0 when no more are to come */
  show(run: RunSnapshot, epochs: number): void {
    if (run.id !== this.#run?.id) {
      this.#zoom = undefined;
      this.#whole.setVisible(false);
    }
    this.#run = run;
    this.#epochs = epochs;
    this.element.hidden = run.losses.length === 0;
    if (run.losses.length === 0) return;
    const timeline = new Timeline(axisOfCharts(), run.clocks);
    const drawn = { ...run, ...this.#closeLook.curves(run, this.#zoom, timeline) };
    const draw = (chart: LineChart, series: readonly Series[]): void => {
      this.#draw(chart, series, timeline);
    };
    const hasAccuracy = drawn.accuracies.length > 0 || drawn.validationLosses.length === 0;
    draw(this.#loss, lossSeries(drawn));
    draw(this.#accuracy, hasAccuracy ? accuracySeries(drawn) : []);
    draw(this.#validationLoss, hasAccuracy ? [] : validationLossSeries(drawn));
    draw(this.#learningRate, networkSeries(drawn.learningRates, 'learningRates'));
    draw(this.#speed, networkSeries(drawn.speeds, 'speeds'));
    this.#noTimes.hidden = axisOfCharts() !== 'time' || hasTimes(run.clocks);
  }

  /** The finer points that were asked for have come. */
  showCloseup(closeup: Closeup): void {
    this.#closeLook.take(closeup);
  }

  #draw(chart: LineChart, series: readonly Series[], timeline: Timeline): void {
    chart.element.hidden = series.length === 0;
    if (series.length === 0) return;
    const view = { timeline, epochs: this.#epochs, smoothing: uiState().smoothing ?? 0, zoom: this.#zoom };
    chart.update(series, view);
  }

  #zoomTo(range: ZoomRange | undefined): void {
    this.#zoom = range;
    this.#whole.setVisible(range !== undefined);
    this.#showAgain();
  }

  #showAgain(): void {
    if (this.#run) this.show(this.#run, this.#epochs);
  }

  #toolbar(): HTMLElement {
    const axis = dropdown({
      testId: 'charts.axis',
      label: t('X axis'),
      choices: [
        { value: 'epoch', label: t('Epoch') },
        { value: 'step', label: t('Training steps') },
        { value: 'time', label: t('Time') },
      ],
      onChange: (value) => {
        keepUi({ xAxis: value === 'step' || value === 'time' ? value : 'epoch' });
        // A range of epochs is none of steps.
        this.#zoomTo(undefined);
      },
    });
    axis.setValue(axisOfCharts());
    const smoothing = slider({
      testId: 'charts.smoothing',
      label: t('Smoothing'),
      minimum: 0,
      maximum: 0.98,
      step: 0.02,
      value: uiState().smoothing ?? 0,
      format: (value) => (value === 0 ? t('none') : value.toFixed(2)),
      onChange: (value) => {
        keepUi({ smoothing: value });
        this.#showAgain();
      },
    });
    return element(
      'div',
      { class: 'charts-toolbar', role: 'group', 'aria-label': t('How the curves are shown') },
      element('span', { 'aria-hidden': 'true' }, t('X axis')),
      axis.element,
      smoothing,
      this.#whole.element,
      this.#noTimes,
    );
  }
}

function axisOfCharts(): XAxis {
  return uiState().xAxis ?? 'epoch';
}
