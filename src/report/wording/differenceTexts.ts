import { formatLoss, formatSigned } from '../format.ts';
import type { Report } from '../report.ts';
import { label, type LabelledText, type ReportText } from './reportText.ts';

/** A difference of two shares in percentage points, with its sign: +0.42 points. */
export function pointsText(difference: number): LabelledText {
  return label('{0} points', formatSigned(difference * 100));
}

/** Writes a difference of two networks in the measure that the task has: points of accuracy, or loss. */
export function writerOfDifferences({ student }: Report): (difference: number) => ReportText {
  if (student.test.accuracy !== null) return pointsText;
  return (difference) => `${difference > 0 ? '+' : ''}${formatLoss(difference)}`;
}

/** Writes the ends of an interval behind its value, whose unit is not repeated. */
export function writerOfBounds(report: Report): (bound: number) => ReportText {
  return report.student.test.accuracy === null ? writerOfDifferences(report) : (share) => formatSigned(share * 100);
}
