import { formatLoss, formatPoints, formatSigned } from './format.ts';
import type { Report } from './report.ts';

/** Writes a difference of two networks in the measure that the task has: points of accuracy, or loss. */
export function writerOfDifferences({ student }: Report): (difference: number) => string {
  if (student.test.accuracy !== null) return (difference) => formatPoints(difference);
  return (difference) => `${difference > 0 ? '+' : ''}${formatLoss(difference)}`;
}

/** Writes the ends of an interval behind its value, whose unit is not repeated. */
export function writerOfBounds(report: Report): (bound: number) => string {
  return report.student.test.accuracy === null ? writerOfDifferences(report) : (share) => formatSigned(share * 100);
}
