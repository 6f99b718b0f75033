import { accuracyDifference } from './accuracyDifference.ts';
import {
  formatBytes,
  formatCount,
  formatFactor,
  formatLoss,
  formatMilliseconds,
  formatPercent,
} from '../protocol/format.ts';
import type { ModelReport, Report } from '../protocol/report.ts';

/** The result of a run in one sentence, such as "4.9× smaller, 3.2× faster, −0.3 points of accuracy, …". */
export function summarize(report: Omit<Report, 'summary'>): string {
  const clauses = [...comparedWithTeacher(report), ...comparedWithBaseline(report)];
  const sentence = `${clauses.join(', ')}.`;
  if (report.partial) return `Stopped early, best student of epoch ${report.student.bestEpoch}: ${sentence}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function comparedWithTeacher({ teacher, student, ratios, agreement }: Omit<Report, 'summary'>): readonly string[] {
  if (!teacher || !ratios) {
    return [
      quality(student),
      `${formatCount(student.parameters)} parameters`,
      formatBytes(student.bytes),
      `${formatMilliseconds(student.latencyMs.p50)} per sample`,
    ];
  }
  return [
    formatFactor(ratios.bytes, { above: 'smaller', below: 'larger', equal: 'the same size' }),
    formatFactor(ratios.latency, { above: 'faster', below: 'slower', equal: 'as fast' }),
    qualityChange(teacher, student),
    ...(agreement === null ? [] : [`agrees with the teacher on ${formatPercent(agreement, 1)}`]),
  ];
}

function quality({ test }: ModelReport): string {
  return test.accuracy === null
    ? `mean squared error ${formatLoss(test.loss)}`
    : `${formatPercent(test.accuracy)} test accuracy`;
}

function qualityChange(teacher: ModelReport, student: ModelReport): string {
  const difference = accuracyDifference(student, teacher);
  if (difference === null) {
    return `mean squared error ${formatLoss(student.test.loss)} (teacher ${formatLoss(teacher.test.loss)})`;
  }
  const { sign, size } = points(difference);
  return sign === 0 ? 'the same accuracy' : `${sign < 0 ? '−' : '+'}${size} of accuracy`;
}

function comparedWithBaseline({ gain }: Omit<Report, 'summary'>): readonly string[] {
  if (gain === null) return [];
  const { sign, size } = points(gain);
  const without = 'the same student trained without the teacher';
  if (sign === 0) return [`no better than ${without}`];
  return [`${size} ${sign > 0 ? 'better' : 'worse'} than ${without}`];
}

/** A difference of accuracies in percentage points; a second decimal where one would show nothing. */
function points(difference: number): { readonly sign: number; readonly size: string } {
  const size = Math.abs(difference * 100);
  if (size < 0.005) return { sign: 0, size: '0 points' };
  const written = size.toFixed(size < 0.095 ? 2 : 1);
  return { sign: Math.sign(difference), size: `${written} ${written === '1.0' ? 'point' : 'points'}` };
}
