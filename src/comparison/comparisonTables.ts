import {
  formatBytes,
  formatCount,
  formatLoss,
  formatPercent,
  formatSigned,
  writerOfMilliseconds,
} from '../report/format.ts';
import type { Interval } from '../report/quality.ts';
import type { Caution, ComparedFigures, RunComparison } from './compareRuns.ts';

/** Texts in a person's language, with {0}, {1} filled in. */
export type Translate = (message: string, ...values: (string | number | boolean)[]) => string;

/** English, which the texts are written in. */
export const untranslated: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));

/** A table of a comparison with its heading. */
export interface ComparisonTable {
  readonly title: string;
  /** What is to be known to read it. */
  readonly notes: readonly string[];
  readonly head: readonly string[];
  /** The first cell of each is its heading. */
  readonly rows: readonly (readonly string[])[];
  /** Whether the runs are below each other, or beside each other behind the first column. */
  readonly runsAre: 'rows' | 'columns';
}

/** What a comparison says, as tables: figures, settings, classes; those without rows are left out. */
export function comparisonTables(comparison: RunComparison, t: Translate): readonly ComparisonTable[] {
  return [figureTable(comparison, t), settingTable(comparison, t), classTable(comparison, t)].filter(
    ({ rows }) => rows.length > 0,
  );
}

/** What keeps figures from being compared as they are, as a sentence. */
export function cautionText(caution: Caution, { runs }: RunComparison, t: Translate): string {
  switch (caution) {
    case 'other-test-splits':
      return t('The runs were judged on different test splits, so that their figures say little about each other.');
    case 'unpaired':
      return t(
        'Some differences are not paired, because a run keeps no result for each test sample or has other samples: their intervals are wider than they need to be.',
      );
    case 'other-machines':
      return t('Latencies were measured on different machines or devices and say little about each other.');
    case 'many-intervals':
      return t(
        'Each interval holds with 95 % for its own difference: of {0} runs that are no better and no worse, about one in twenty would seem better or worse by chance.',
        runs.length - 1,
      );
  }
}

function figureTable({ runs }: RunComparison, t: Translate): ComparisonTable {
  const [first] = runs;
  const writeLatency = writerOfMilliseconds(runs.map(({ latencyMs }) => latencyMs));
  return {
    title: t('Figures'),
    notes: [
      t(
        'A star marks students that no other one beats: none of them is better on the test split and not larger, or smaller and not worse.',
      ),
      t(
        "Differences are a run's student minus that of the first run, with their 95 % intervals; accuracies in points.",
      ),
      t('The gain is the student minus the same student trained without its teacher.'),
    ],
    head: [
      t('Run'),
      t('Test'),
      t('Against the first'),
      t('Teacher'),
      t('Gain'),
      t('Parameters'),
      t('MACs'),
      t('Size'),
      t('Latency'),
    ],
    rows: runs.map((run) => [
      `${run.label}${run.isOnFront ? ' ★' : ''}`,
      qualityText(run),
      run === first ? '–' : differenceText(run),
      run.teacher ? plainQuality(run.teacher) : '–',
      run.gain === null ? '–' : formatSigned(run.gain * 100),
      formatCount(run.parameters),
      formatCount(run.macs),
      formatBytes(run.bytes),
      writeLatency(run.latencyMs),
    ]),
    runsAre: 'rows',
  };
}

/** A table of runs against something else, with more of what is more numerous below each other, so that it stays narrow. */
function againstRuns(
  { runs }: RunComparison,
  headings: { readonly run: string; readonly item: string },
  items: readonly { readonly name: string; readonly cells: readonly string[] }[],
): Pick<ComparisonTable, 'head' | 'rows' | 'runsAre'> {
  if (items.length > 0 && runs.length > items.length) {
    return {
      head: [headings.run, ...items.map(({ name }) => name)],
      rows: runs.map(({ label }, place) => [label, ...items.map(({ cells }) => cells[place] ?? '–')]),
      runsAre: 'rows',
    };
  }
  return {
    head: [headings.item, ...runs.map(({ label }) => label)],
    rows: items.map(({ name, cells }) => [name, ...cells]),
    runsAre: 'columns',
  };
}

function settingTable(comparison: RunComparison, t: Translate): ComparisonTable {
  const items = comparison.settings.map(({ path, values }) => ({
    name: path,
    cells: values.map((value) => (value === null ? '–' : plainValue(value))),
  }));
  return {
    title: t('Settings that differ'),
    notes: [],
    ...againstRuns(comparison, { run: t('Run'), item: t('Setting') }, items),
  };
}

/** A setting's JSON without the signs that nobody needs to understand it. */
function plainValue(json: string): string {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.length > 0 ? value.map(String).join(', ') : json;
}

function classTable(comparison: RunComparison, t: Translate): ComparisonTable {
  const { runs, classes } = comparison;
  const [first, ...others] = runs;
  const items = classes.map((name, index) => ({
    name,
    cells: runs.map((run) => {
      const recall = run.recall[index];
      if (recall === null || recall === undefined) return '–';
      const difference = run === first ? null : run.difference?.classes[index];
      return `${formatPercent(recall)}${difference ? ` (${pointsOf(difference)})` : ''}`;
    }),
  }));
  return {
    title: t('Recall by class'),
    notes: others.some(({ difference }) => difference?.kind === 'paired')
      ? [
          t(
            'In brackets: points more or less than the first run; with ! where the 95 % interval is clear of zero, which one in twenty is by chance where nothing differs.',
          ),
        ]
      : [],
    ...againstRuns(comparison, { run: t('Run'), item: t('Class') }, items),
  };
}

/** A difference of shares in points; `!` where its interval is clear of zero. */
function pointsOf(difference: Interval): string {
  return `${formatSigned(difference.value * 100)}${isClear(difference) ? '!' : ''}`;
}

/** Whether an interval is clear of zero. */
function isClear({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}

function qualityText({ student, accuracyInterval }: ComparedFigures): string {
  if (!accuracyInterval) return plainQuality(student);
  const { low, high } = accuracyInterval;
  return `${plainQuality(student)} (${(low * 100).toFixed(2)}–${(high * 100).toFixed(2)})`;
}

function plainQuality({ accuracy, loss }: ComparedFigures['student']): string {
  return accuracy === null ? formatLoss(loss) : formatPercent(accuracy);
}

/** The difference from the first run, in points where it is one of accuracies. */
function differenceText({ difference, student }: ComparedFigures): string {
  if (!difference) return '?';
  const { value, low, high } = difference.quality;
  const write = (number: number): string =>
    student.accuracy === null ? signedLoss(number) : formatSigned(number * 100);
  return `${write(value)} (${write(low)} … ${write(high)})${difference.kind === 'unpaired' ? ' ~' : ''}`;
}

function signedLoss(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${formatLoss(Math.abs(value))}`;
}
