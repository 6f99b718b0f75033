import { formatBytes, formatCount, formatFactor, formatMilliseconds, formatPercent } from '../protocol/format.ts';
import type { Report } from '../protocol/report.ts';

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
      `${formatPercent(student.test.accuracy)} test accuracy`,
      `${formatCount(student.parameters)} parameters`,
      formatBytes(student.bytes),
      `${formatMilliseconds(student.latencyMs.p50)} per sample`,
    ];
  }
  const accuracy = points(student.test.accuracy - teacher.test.accuracy);
  return [
    formatFactor(ratios.bytes, { above: 'smaller', below: 'larger', equal: 'the same size' }),
    formatFactor(ratios.latency, { above: 'faster', below: 'slower', equal: 'as fast' }),
    accuracy.sign === 0 ? 'the same accuracy' : `${accuracy.sign < 0 ? '−' : '+'}${accuracy.size} of accuracy`,
    ...(agreement === null ? [] : [`agrees with the teacher on ${formatPercent(agreement, 1)}`]),
  ];
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
