import type { Report } from './report.ts';

/** What a student costs. */
export const costs = ['bytes', 'macs', 'latencyMs'] as const;
export type Cost = (typeof costs)[number];

/** How good a network is on the test split. */
export interface TestQuality {
  readonly accuracy: number | null;
  readonly loss: number;
}

/** Whether a student is better on the test split and costs no more, or costs less and is no worse, than another. */
export function beats(one: Report, other: Report, cost: Cost): boolean {
  const error = ({ student: { test } }: Report): number => (test.accuracy === null ? test.loss : 1 - test.accuracy);
  const costOf = (report: Report): number => figuresOf(report)[cost];
  const [better, cheaper] = [error(one) - error(other), costOf(one) - costOf(other)];
  return better <= 0 && cheaper <= 0 && (better < 0 || cheaper < 0);
}

/** Whether runs were judged on one test split, without which their figures say little about each other. */
export function shareTestSplit(reports: readonly Report[]): boolean {
  return (
    new Set(reports.map(({ dataset, provenance }) => JSON.stringify([dataset.task, provenance?.data.test]))).size <= 1
  );
}

/** What runs are compared by. */
export function figuresOf({ name, student, teacher, baseline, gain }: Report) {
  const quality = ({ accuracy, loss }: Report['student']['test']): TestQuality => ({ accuracy, loss });
  return {
    name,
    student: quality(student.test),
    teacher: teacher && quality(teacher.test),
    baseline: baseline && quality(baseline.test),
    gain,
    parameters: student.parameters,
    macs: student.macs,
    bytes: student.bytes,
    latencyMs: student.latencyMs.p50,
  };
}
