import type { ModelReport, Report, VariantKind } from './report.ts';

/** A network that a run left behind: how large it is, and how good. */
export interface SizedNetwork {
  /** Id of the run. */
  readonly run: string;
  readonly experiment: string;
  readonly kind: 'student' | 'baseline' | VariantKind;
  /** Whether it is of the run that is reported, of another run of its experiment, or of another experiment. */
  readonly standing: 'run' | 'experiment' | 'other';
  /** Size of its file. */
  readonly bytes: number;
  /** Accuracy on the test split, or mean squared error where there is none. */
  readonly quality: number;
  /** Whether no other network is better without being larger, or smaller without being worse. */
  readonly isOnFront: boolean;
}

/**
 * The networks of a run and of others that were judged on the same data, by size: students, baselines, pruned
 * students before distilling, and what was kept of quantised ones.
 *
 * @param others reports of other runs; those on other data are left out
 */
export function sizedNetworks(own: Report, others: readonly Report[]): readonly SizedNetwork[] {
  const comparable = others.filter((other) => other.id !== own.id && isComparable(own, other));
  const networks = [own, ...comparable].flatMap((report) => networksOf(report, standingOf(own, report)));
  const isBetter =
    own.student.test.accuracy === null ? (a: number, b: number) => a < b : (a: number, b: number) => a > b;
  const beats = (one: Unranked, other: Unranked): boolean =>
    one.bytes <= other.bytes &&
    !isBetter(other.quality, one.quality) &&
    (one.bytes < other.bytes || isBetter(one.quality, other.quality));
  return networks
    .map((network) => ({ ...network, isOnFront: !networks.some((other) => beats(other, network)) }))
    .sort((a, b) => a.bytes - b.bytes || a.quality - b.quality);
}

type Unranked = Omit<SizedNetwork, 'isOnFront'>;

/** Whether the test splits of two runs are the same, as far as their reports can tell. */
function isComparable({ dataset, student }: Report, other: Report): boolean {
  return (
    other.dataset.path === dataset.path &&
    other.dataset.task === dataset.task &&
    other.dataset.test === dataset.test &&
    (other.student.test.accuracy === null) === (student.test.accuracy === null)
  );
}

function standingOf(own: Report, report: Report): SizedNetwork['standing'] {
  if (report === own) return 'run';
  return report.name === own.name ? 'experiment' : 'other';
}

function networksOf(report: Report, standing: SizedNetwork['standing']): readonly Unranked[] {
  const { student, baseline, variants } = report;
  const entry = (kind: SizedNetwork['kind'], { bytes, test }: ModelReport): Unranked => ({
    run: report.id,
    experiment: report.name,
    kind,
    standing,
    bytes,
    quality: test.accuracy ?? test.loss,
  });
  return [
    entry('student', student),
    ...(baseline ? [entry('baseline', baseline)] : []),
    ...variants.flatMap((variant) => (variant.file === null ? [] : [entry(variant.kind, variant)])),
  ].filter(({ bytes, quality }) => bytes > 0 && Number.isFinite(quality));
}
