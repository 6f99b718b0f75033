import { beats, figuresOf, shareTestSplit, type Cost, type TestQuality } from '../report/compareReports.ts';
import type { Interval } from '../report/quality.ts';
import type { Report } from '../report/report.ts';
import type { ComparedRun } from './comparedRun.ts';
import { differingSettings, type DifferingSetting } from '../experiment/differingSettings.ts';
import { accuracyInterval, differenceBetween, type Difference } from './pairedDifference.ts';

/** A run beside others. */
export interface ComparedFigures {
  readonly folder: string;
  readonly label: string;
  readonly name: string;
  readonly student: TestQuality;
  readonly teacher: TestQuality | null;
  readonly baseline: TestQuality | null;
  readonly gain: number | null;
  readonly parameters: number;
  readonly macs: number;
  readonly bytes: number;
  readonly latencyMs: number;
  /** Of the student's test accuracy, 95 %; null where there is no accuracy. */
  readonly accuracyInterval: Interval | null;
  /** Whether no other run is better and costs no more, or costs less and is no worse. */
  readonly front: Readonly<Record<Cost, boolean>>;
  /** The same for bytes. */
  readonly isOnFront: boolean;
  /** Against the first run; null for the first run, and where nothing can be said. */
  readonly difference: Difference | null;
  /** Recall of every class, in class order; null for a class without samples. */
  readonly recall: readonly (number | null)[];
}

/** Runs beside each other, in the order in which they were named; the first is what the others are compared with. */
export interface RunComparison {
  readonly runs: readonly ComparedFigures[];
  readonly settings: readonly DifferingSetting[];
  /** Of all runs, where they have the same ones; else empty. */
  readonly classes: readonly string[];
  /** What keeps the figures from being compared as they are. */
  readonly cautions: readonly Caution[];
}

export type Caution = 'other-test-splits' | 'unpaired' | 'other-machines' | 'many-intervals';

/** Intervals of 95 % of which so many are shown that one or more may well be wrong. */
const MANY_INTERVALS = 5;

/** Compares runs. @param runs two or more */
export function compareRuns(runs: readonly ComparedRun[]): RunComparison {
  const [first] = runs;
  const figures = runs.map((run): ComparedFigures => {
    const front = frontOf(run, runs);
    return {
      folder: run.folder,
      label: run.label,
      ...figuresOf(run.report),
      accuracyInterval: accuracyInterval(run),
      front,
      isOnFront: front.bytes,
      difference: first && run !== first ? differenceBetween(run, first) : null,
      recall: run.report.student.test.perClass,
    };
  });
  const classes = new Set(runs.map(({ report }) => JSON.stringify(report.dataset.classes)));
  return {
    runs: figures,
    settings: differingSettings(runs.map(({ experiment }) => experiment)),
    classes: classes.size === 1 ? (first?.report.dataset.classes ?? []) : [],
    cautions: cautionsOf(runs, figures),
  };
}

function cautionsOf(runs: readonly ComparedRun[], figures: readonly ComparedFigures[]): readonly Caution[] {
  const differing = (valueOf: (report: Report) => unknown): boolean =>
    new Set(runs.map(({ report }) => JSON.stringify(valueOf(report)))).size > 1;
  return [
    ...(shareTestSplit(runs.map(({ report }) => report)) ? [] : (['other-test-splits'] as const)),
    ...(figures.some(({ difference }) => difference?.kind === 'unpaired') ? (['unpaired'] as const) : []),
    ...(differing(({ device }) => [device.latency, device.machine]) ? (['other-machines'] as const) : []),
    ...(figures.length - 1 >= MANY_INTERVALS ? (['many-intervals'] as const) : []),
  ];
}

function frontOf(run: ComparedRun, runs: readonly ComparedRun[]): ComparedFigures['front'] {
  const isOn = (cost: Cost): boolean => !runs.some((other) => beats(other.report, run.report, cost));
  return { bytes: isOn('bytes'), macs: isOn('macs'), latencyMs: isOn('latencyMs') };
}
