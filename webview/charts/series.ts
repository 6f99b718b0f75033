import type { Network } from '../../src/protocol/events.ts';
import { writeTick } from '../../src/report/drawings/writeTick.ts';
import { formatCount, formatInteger, formatLoss, formatPercent } from '../../src/report/format.ts';
import type { Curve, CurveKind, Points, RunSnapshot } from '../../src/protocol/snapshot.ts';
import { t } from '../l10n.ts';

/** A line of a chart as it is drawn. */
export interface Series extends Points {
  readonly label: string;
  /** Whose training it is about; a level's is the one that it is compared with. */
  readonly network: Network;
  /** Name of a theme colour, such as `blue` for `--vscode-charts-blue`. */
  readonly color: ChartColor;
  readonly isDashed: boolean;
  /** The same value at every epoch. */
  readonly isLevel: boolean;
  /** The curve of the run that it is; a level is none. */
  readonly curve?: { readonly kind: CurveKind; readonly term: string };
  /** As in `Curve`. */
  readonly means?: Points;
  readonly perEpoch?: Points;
}

/** Not orange, which most themes make translucent. */
export type ChartColor = 'blue' | 'green' | 'purple' | 'red' | 'yellow' | 'foreground';

const TERM_COLORS: readonly ChartColor[] = ['yellow', 'green', 'red'];

/** The student's loss terms, and the baseline's total; the teacher's while only it was trained. */
export function lossSeries({ losses, lacksWeights }: Pick<RunSnapshot, 'losses' | 'lacksWeights'>): Series[] {
  const shown = losses.some((curve) => curve.network === 'student') ? 'student' : 'teacher';
  const terms = losses.filter((curve) => curve.network === shown && curve.term !== 'total').map((curve) => curve.term);
  return losses
    .filter((curve) => curve.network === shown || (curve.network === 'baseline' && curve.term === 'total'))
    .map((curve) => ({
      network: curve.network,
      label: curve.network === 'baseline' ? t('baseline, total') : lossName(curve.term, lacksWeights),
      color: lossColor(curve, terms),
      isDashed: curve.network === 'baseline',
      ...drawnOf(curve, 'losses'),
    }));
}

/** Validation accuracies, and the teacher's as a level line over the whole width. */
export function accuracySeries({
  accuracies,
  teacherAccuracy,
  epochs,
}: Pick<RunSnapshot, 'accuracies' | 'teacherAccuracy' | 'epochs'>): Series[] {
  return validationSeries(networkSeries(accuracies, 'accuracies'), teacherAccuracy, epochs);
}

/** Validation losses, and the teacher's as a level line over the whole width. */
export function validationLossSeries({
  validationLosses,
  teacherLoss,
  epochs,
}: Pick<RunSnapshot, 'validationLosses' | 'teacherLoss' | 'epochs'>): Series[] {
  return validationSeries(networkSeries(validationLosses, 'validationLosses'), teacherLoss, epochs);
}

function validationSeries(curves: Series[], ofTeacher: number | undefined, epochs = 1): Series[] {
  if (ofTeacher === undefined) return curves;
  const studied = curves.filter(({ network }) => network !== 'teacher');
  const level: Series = {
    network: 'student',
    label: networkName('teacher'),
    color: 'foreground',
    isDashed: true,
    isLevel: true,
    x: [0, epochs],
    y: [ofTeacher, ofTeacher],
  };
  return [...studied, level];
}

/** A line for each network. */
export function networkSeries(curves: readonly Curve[], kind: CurveKind): Series[] {
  return curves.map((curve) => ({
    network: curve.network,
    label: networkName(curve.network),
    color: networkColor(curve.network),
    isDashed: curve.network === 'baseline',
    ...drawnOf(curve, kind),
  }));
}

function drawnOf(
  { network: _network, term, ...points }: Curve,
  kind: CurveKind,
): Omit<Series, 'label' | 'network' | 'color' | 'isDashed'> {
  return { isLevel: false, curve: { kind, term }, ...points };
}

/** Whether two lines are drawn alike: the same points, called alike. */
export function areAlike(one: Series, other: Series): boolean {
  const arePoints = one.isLevel
    ? one.y[0] === other.y[0] && one.x[1] === other.x[1]
    : one.x === other.x && one.y === other.y && one.means === other.means;
  return arePoints && one.isLevel === other.isLevel && one.label === other.label && one.color === other.color;
}

/** Epochs to show: somewhat more than there are values for, until all are there. */
export function shownEpochs(series: readonly Series[], epochs: number): number {
  const last = Math.max(0, ...series.filter((line) => !line.isLevel).map(({ x }) => x.at(-1) ?? 0));
  return Math.max(1, last, Math.min(epochs, last * 1.3));
}

/** What the newest values of the lines are, as one sentence for those who do not see the chart. */
export function describeSeries(series: readonly Series[], format: (value: number) => string): string {
  return series
    .map(({ label, y }) => {
      const last = y.at(-1);
      return `${label}: ${last === undefined || last === null ? '–' : format(last)}`;
    })
    .join(', ');
}

/** Means of every series per epoch, for the table beside the chart: the epoch, then one value per series. */
export function tableRows(series: readonly Series[]): (readonly [number, ...(number | null)[]])[] {
  // A level line ends at the last epoch that is planned, which may be far away.
  const measured = series.filter((line) => !line.isLevel);
  const means = new Map(measured.map((line) => [line, line.perEpoch ? valuesOf(line.perEpoch) : meansPerEpoch(line)]));
  const epochs = [...new Set([...means.values()].flatMap((values) => [...values.keys()]))].sort((a, b) => a - b);
  return epochs.map((epoch) => [
    epoch,
    ...series.map((line) => (line.isLevel ? line.y[0] : means.get(line)?.get(epoch)) ?? null),
  ]);
}

function valuesOf({ x, y }: Points): ReadonlyMap<number, number | null> {
  return new Map(x.map((epoch, index) => [epoch, y[index] ?? null]));
}

function meansPerEpoch({ x, y }: Points): ReadonlyMap<number, number | null> {
  const values = new Map<number, number[]>();
  x.forEach((at, index) => {
    const epoch = Math.ceil(at);
    const value = y[index];
    if (epoch < 1) return;
    const known = values.get(epoch) ?? [];
    values.set(epoch, known);
    if (typeof value === 'number') known.push(value);
  });
  return new Map(
    [...values].map(([epoch, all]) => [
      epoch,
      all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0) / all.length,
    ]),
  );
}

/** How values of a chart are written. */
export interface ChartFormat {
  readonly value: (value: number) => string;
  /** Shorter, at the axis. @param distance of the next tick, from which this one has to be told */
  readonly tick: (value: number, distance?: number) => string;
  /** Values that nothing can exceed. */
  readonly maximum?: number;
}

export const lossFormat: ChartFormat = {
  value: formatLoss,
  tick: (value, distance) => String(Number(value.toPrecision(digitsOf(value, distance, 3)))),
};

export const learningRateFormat: ChartFormat = {
  value: (value) => value.toExponential(2),
  tick: (value, distance) =>
    value === 0 ? '0' : value.toExponential(digitsOf(value, distance, 2) - 1).replace(/\.?0*e/, 'e'),
};

export const speedFormat: ChartFormat = {
  value: (value) => t('{0} samples/s', formatInteger(value)),
  tick: (value) => writeTick(formatCount(value)),
};

export const accuracyFormat: ChartFormat = {
  value: (value) => formatPercent(value),
  tick: (value) => `${Number((value * 100).toFixed(2))} %`,
  maximum: 1,
};

/** Digits that tell a value from those at a distance, `least` of them. */
function digitsOf(value: number, distance = Math.abs(value), least: number): number {
  const digits = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(distance) + 1e-9) + 1;
  return Number.isFinite(digits) ? Math.min(12, Math.max(least, digits)) : least;
}

export function networkName(network: Network): string {
  switch (network) {
    case 'teacher':
      return t('teacher');
    case 'student':
      return t('student');
    case 'baseline':
      return t('baseline');
  }
}

function networkColor(network: Network): ChartColor {
  switch (network) {
    case 'teacher':
      return 'foreground';
    case 'student':
      return 'blue';
    case 'baseline':
      return 'yellow';
  }
}

function lossName(term: string, lacksWeights = false): string {
  const name = termName(term);
  return lacksWeights && term !== 'total' ? t('{0} (without its weight)', name) : name;
}

/** Losses are called as papers do; what everybody uses has words. */
function termName(term: string): string {
  switch (term) {
    case 'total':
      return t('total');
    case 'kd':
      return t('Distillation (kd)');
    case 'labels':
      return t('Labels');
    case 'balance':
      return t('Balance of the tree');
    default:
      return term;
  }
}

function lossColor(curve: Curve, terms: readonly string[]): ChartColor {
  if (curve.network === 'baseline') return 'purple';
  if (curve.term === 'total') return 'blue';
  return TERM_COLORS[terms.indexOf(curve.term) % TERM_COLORS.length] ?? 'yellow';
}
