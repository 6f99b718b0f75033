import type { Interval } from '../report/quality.ts';
import type { ModelReport, Report, SeedResult } from '../report/report.ts';
import { accuracyDifference } from './accuracyDifference.ts';
import { adviseNext, type AdvisedExperiment } from './advice/adviseNext.ts';
import { meanInterval } from './meanInterval.ts';
import { summarize } from './summarize.ts';

/** Everything about a run that was measured; what follows from it is left out. */
export interface MeasuredRun extends Omit<
  Report,
  'version' | 'summary' | 'ratios' | 'gain' | 'gainOverSeeds' | 'advice'
> {
  /** What advice depends on. */
  readonly experiment: AdvisedExperiment;
  /** How many times faster than the teacher the student is on the report's device; null where there were too few rounds. */
  readonly speedUp: Interval | null;
  /** The same on the CPU where the device is another one. */
  readonly cpuSpeedUp: Interval | null;
}

/** The report of a run: what was measured, with the ratios, the gain over the baseline and the summary that follow from it. */
export function buildReport({ speedUp, cpuSpeedUp, experiment, ...run }: MeasuredRun): Report {
  const { teacher, student, baseline } = run;
  const report = {
    ...run,
    version: 1,
    ratios: teacher && { ...ratiosOf(teacher, student, speedUp), cpuLatencyInterval: cpuSpeedUp },
    gainOverSeeds: gainOverSeeds(run.seeds),
    gain: baseline && accuracyDifference(student, baseline),
  } as const;
  const advised = { ...report, advice: adviseNext(report, experiment) };
  return { ...advised, summary: summarize(advised) };
}

/** Of every seed that has both, in the measure that the task has: accuracy, or loss. */
function gainOverSeeds(seeds: readonly SeedResult[]): Interval | null {
  const differences = seeds.flatMap(({ student, baseline }) =>
    baseline ? [(student.accuracy ?? student.loss) - (baseline.accuracy ?? baseline.loss)] : [],
  );
  return meanInterval(differences);
}

function ratiosOf(teacher: ModelReport, student: ModelReport, speedUp: Interval | null) {
  return {
    parameters: ratio(teacher.parameters, student.parameters),
    macs: ratio(teacher.macs, student.macs),
    bytes: ratio(teacher.bytes, student.bytes),
    latency: speedUp?.value ?? ratio(teacher.latencyMs.p50, student.latencyMs.p50),
    latencyInterval: speedUp,
  };
}

/** Equal figures have the ratio 1, two zeros among them. */
function ratio(teacher: number, student: number): number {
  return teacher === student ? 1 : teacher / student;
}
