import { formatPercent } from '../protocol/format.ts';
import type { EpochEvent, Network, Quality, RunEvent } from '../protocol/events.ts';
import type { LineChart, Series } from './lineChart.ts';

const NETWORKS: readonly { readonly network: Network; readonly name: string; readonly style: number }[] = [
  { network: 'student', name: 'Student', style: 0 },
  { network: 'baseline', name: 'Baseline without teacher', style: 1 },
  { network: 'teacher', name: 'Teacher', style: 2 },
];

/** How each term of the loss is called in charts; `total` is the weighted sum. */
const LOSS_NAMES: Readonly<Record<string, string>> = {
  total: 'Weighted sum',
  kd: 'Distillation (kd)',
  balance: 'Balance of the tree',
  labels: 'Labels',
};

/** The charts of a run from its events: validation accuracy and loss of every network, training losses of the student. */
export function trainingCharts(events: readonly RunEvent[]): readonly LineChart[] {
  const epochs = events.filter((event) => event.kind === 'epoch');
  const teacher = events.findLast((event) => event.kind === 'teacher')?.validation;
  const validation = (
    title: string,
    measure: (validation: Quality) => number | null,
    format: LineChart['format'],
  ): LineChart => ({
    title,
    xLabel: 'Epoch',
    series: NETWORKS.map(({ network, name, style }) => ({
      name,
      style,
      points: epochs
        .filter((event) => event.network === network)
        .flatMap((event) => point(event.epoch, measure(event.validation))),
    })).filter((line) => line.points.length > 0),
    ...(teacher && level('Teacher as it is used', measure(teacher))),
    format,
  });
  const charts = [
    validation('Validation accuracy', ({ accuracy }) => accuracy, percentage),
    validation('Validation loss', ({ loss }) => loss, decimal),
    {
      title: 'Training loss of the student',
      xLabel: 'Epoch',
      series: lossTerms(epochs.filter((event) => event.network === 'student')),
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

function lossTerms(epochs: readonly EpochEvent[]): readonly Series[] {
  const names = [...new Set(epochs.flatMap((event) => Object.keys(event.losses)))];
  return names.map((name, index) => ({
    name: LOSS_NAMES[name] ?? name,
    style: index % 5,
    points: epochs.flatMap((event) => {
      const loss = event.losses[name];
      return loss === undefined ? [] : [{ x: event.epoch, y: loss }];
    }),
  }));
}

function percentage(share: number, decimals: number): string {
  return formatPercent(share, Math.max(0, decimals - 2));
}

function decimal(value: number, decimals: number): string {
  return value.toFixed(decimals);
}
