import type { Interval } from '../protocol/quality.ts';
import type { ModelReport, Report, SeedResult } from '../protocol/report.ts';
import { accuracyDifference } from './accuracyDifference.ts';
import { meanInterval } from './meanInterval.ts';
import { summarize } from './summarize.ts';

/** Everything about a run that was measured; what follows from it is left out. */
export type MeasuredRun = Omit<Report, 'version' | 'summary' | 'ratios' | 'gain' | 'gainOverSeeds'>;

/** The report of a run: what was measured, with the ratios, the gain over the baseline and the summary that follow from it. */
export function buildReport(run: MeasuredRun): Report {
  const { teacher, student, baseline } = run;
  const report = {
    ...run,
    version: 1,
    ratios: teacher && ratiosOf(teacher, student),
    gainOverSeeds: gainOverSeeds(run.seeds),
    gain: baseline && accuracyDifference(student, baseline),
  } as const;
  return { ...report, summary: summarize(report) };
}

/** Of every seed that has both, in the measure that the task has: accuracy, or loss. */
function gainOverSeeds(seeds: readonly SeedResult[]): Interval | null {
  const differences = seeds.flatMap(({ student, baseline }) =>
    baseline ? [(student.accuracy ?? student.loss) - (baseline.accuracy ?? baseline.loss)] : [],
  );
  return meanInterval(differences);
}

function ratiosOf(teacher: ModelReport, student: ModelReport): Report['ratios'] {
  return {
    parameters: ratio(teacher.parameters, student.parameters),
    macs: ratio(teacher.macs, student.macs),
    bytes: ratio(teacher.bytes, student.bytes),
    latency: ratio(teacher.latencyMs.p50, student.latencyMs.p50),
  };
}

/** Equal figures have the ratio 1, two zeros among them. */
function ratio(teacher: number, student: number): number {
  return teacher === student ? 1 : teacher / student;
}
