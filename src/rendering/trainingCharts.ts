import { formatPercent } from '../report/format.ts';
import type { EpochEvent, Network, RunEvent } from '../protocol/events.ts';
import type { Quality } from '../report/quality.ts';
import type { LineChart, Series } from './renderLineChart.ts';
import type { ReportLanguage } from './reportLanguage.ts';

interface DrawnNetwork {
  readonly network: Network;
  readonly name: string;
  readonly style: number;
}

function networksIn(t: ReportLanguage['t']): readonly DrawnNetwork[] {
  return [
    { network: 'student', name: t('Student'), style: 0 },
    { network: 'baseline', name: t('Baseline without teacher'), style: 1 },
    { network: 'teacher', name: t('Teacher'), style: 2 },
  ];
}

/** How each term of the loss is called in charts; `total` is the weighted sum. */
function lossNamesIn(t: ReportLanguage['t']): Readonly<Record<string, string>> {
  return {
    total: t('Weighted sum'),
    kd: t('Distillation (kd)'),
    balance: t('Balance of the tree'),
    labels: t('Labels'),
  };
}

/** The charts of a run from its events: validation accuracy and loss of every network, training losses of the student. */
export function trainingCharts(events: readonly RunEvent[], { t }: ReportLanguage): readonly LineChart[] {
  const networks = networksIn(t);
  const epochs = events.filter((event) => event.kind === 'epoch');
  const teacher = events.findLast((event) => event.kind === 'teacher')?.validation;
  const validation = (
    title: string,
    measure: (validation: Quality) => number | null,
    format: LineChart['format'],
  ): LineChart => ({
    title,
    xLabel: t('Epoch'),
    series: networks
      .map(({ network, name, style }) => ({
        name,
        style,
        points: epochs
          .filter((event) => event.network === network)
          .flatMap((event) => point(event.epoch, measure(event.validation))),
      }))
      .filter((line) => line.points.length > 0),
    ...(teacher && level(t('Teacher as it is used'), measure(teacher))),
    format,
  });
  const charts = [
    validation(t('Validation accuracy'), ({ accuracy }) => accuracy, percentage),
    validation(t('Validation loss'), ({ loss }) => loss, decimal),
    {
      title: tellsWeights(events)
        ? t('Training loss of the student, weighted: the parts add up')
        : t('Training loss of the student, its terms without their weights'),
      xLabel: t('Epoch'),
      series: lossTerms(
        epochs.filter((event) => event.network === 'student'),
        events,
        lossNamesIn(t),
      ),
      format: decimal,
    },
  ];
  return charts.filter((chart) => chart.series.length > 0);
}

/** Nothing where nothing was measured. */
function point(x: number, y: number | null): readonly { readonly x: number; readonly y: number }[] {
  return y === null ? [] : [{ x, y }];
}

function level(name: string, y: number | null): Pick<LineChart, 'reference'> {
  return y === null ? {} : { reference: { name, y } };
}

/** Runs of older versions told no weights. */
function tellsWeights(events: readonly RunEvent[]): boolean {
  return events.some((event) => event.kind === 'step' && event.weights !== undefined);
}

/** What each term counted in an epoch of the student, as a mean of the steps that were told. */
class MeanWeights {
  readonly #sums = new Map<string, { sum: number; count: number }>();

  constructor(events: readonly RunEvent[]) {
    for (const event of events) {
      if (event.kind !== 'step' || event.network !== 'student') continue;
      for (const [name, weight] of Object.entries(event.weights ?? {})) {
        const key = `${event.epoch} ${name}`;
        const mean = this.#sums.get(key) ?? { sum: 0, count: 0 };
        mean.sum += weight;
        mean.count += 1;
        this.#sums.set(key, mean);
      }
    }
  }

  /** Undefined where no step of the epoch was told. */
  of(epoch: number, name: string): number | undefined {
    const mean = this.#sums.get(`${epoch} ${name}`);
    return mean && mean.sum / mean.count;
  }
}

/** Every term as its part of the total. */
function lossTerms(
  epochs: readonly EpochEvent[],
  events: readonly RunEvent[],
  lossNames: Readonly<Record<string, string>>,
): readonly Series[] {
  const names = [...new Set(epochs.flatMap((event) => Object.keys(event.losses)))];
  const weights = new MeanWeights(events);
  return names.map((name, index) => {
    // Steps are told ten times a second at most, so a short epoch may have none: then the weight is as it was last.
    let weight = 1;
    return {
      name: lossNames[name] ?? name,
      style: index % 5,
      points: epochs.flatMap((event) => {
        const loss = event.losses[name];
        weight = weights.of(event.epoch, name) ?? weight;
        return loss === undefined ? [] : [{ x: event.epoch, y: loss * weight }];
      }),
    };
  });
}

function percentage(share: number, decimals: number): string {
  return formatPercent(share, Math.max(0, decimals - 2));
}

function decimal(value: number, decimals: number): string {
  return value.toFixed(decimals);
}
