import { factorIntervalText, factorText, speedLabels } from './factorText.ts';
import { formatBytes, formatCount, formatLoss, formatPercent } from '../format.ts';
import { writerOfLatencies } from './latencyTexts.ts';
import type { ModelReport, Report } from '../report.ts';
import { label, type LabelledText, type ReportText } from './reportText.ts';

type Measured = Omit<Report, 'summary'>;

/** The result of a run in one sentence, such as "4.9× smaller, 3.2× faster, −0.3 points of accuracy, …". */
export function summaryText(report: Measured): LabelledText {
  const [first, ...others] = [...comparedWithTeacher(report), ...comparedWithBaseline(report)];
  const clauses = others.reduce<ReportText>(
    (before, clause) => label('{0}, {1}', before, clause),
    first ?? quality(report.student),
  );
  return report.partial
    ? label('Stopped early, best student of epoch {0}: {1}.', String(report.student.bestEpoch), clauses)
    : label('{0}.', clauses);
}

function comparedWithTeacher(report: Measured): readonly ReportText[] {
  const { teacher, student, ratios, agreement, device } = report;
  if (!teacher || !ratios) {
    return [
      quality(student),
      label('{0} parameters', formatCount(student.parameters)),
      formatBytes(student.bytes),
      label('{0} per sample', writerOfLatencies(report)(student.latencyMs.p50)),
    ];
  }
  const speed = factorIntervalText(ratios.latency, ratios.latencyInterval, speedLabels);
  return [
    factorText(ratios.bytes, { above: '{0} smaller', below: '{0} larger', equal: 'the same size' }),
    device.load?.isBusy === true ? label('{0} on a busy machine', speed) : speed,
    qualityChange(teacher, student),
    ...(agreement === null ? [] : [label('agrees with the teacher on {0}', formatPercent(agreement, 1))]),
  ];
}

function quality({ test }: ModelReport): LabelledText {
  return test.accuracy === null
    ? label('mean squared error {0}', formatLoss(test.loss))
    : label('{0} test accuracy', formatPercent(test.accuracy));
}

function qualityChange(teacher: ModelReport, student: ModelReport): LabelledText {
  const [ofTeacher, ofStudent] = [teacher.test.accuracy, student.test.accuracy];
  if (ofTeacher === null || ofStudent === null) {
    return label('mean squared error {0} (teacher {1})', formatLoss(student.test.loss), formatLoss(teacher.test.loss));
  }
  const { sign, size } = points(ofStudent - ofTeacher);
  if (sign === 0) return label('the same accuracy');
  const signed = `${sign < 0 ? '−' : '+'}${size}`;
  return size === ONE ? label('{0} point of accuracy', signed) : label('{0} points of accuracy', signed);
}

/** Whether the teacher helped, and whether the test split can tell. */
function comparedWithBaseline({ gain, gainInterval, student, baseline }: Measured): readonly ReportText[] {
  if (!baseline) return [];
  const clause = gain === null ? changeOfError(student, baseline) : changeOfAccuracy(gain);
  if (!clause) return [];
  const isUnsure = gainInterval !== null && gainInterval.low <= 0 && gainInterval.high >= 0;
  return [clause.isEqual || !isUnsure ? clause.text : label('{0}, perhaps by chance', clause.text)];
}

interface Change {
  readonly isEqual: boolean;
  readonly text: LabelledText;
}

function changeOfAccuracy(gain: number): Change {
  const { sign, size } = points(gain);
  if (sign === 0) return { isEqual: true, text: label('no better than the same student trained without the teacher') };
  const difference = size === ONE ? label('{0} point', size) : label('{0} points', size);
  return {
    isEqual: false,
    text:
      sign > 0
        ? label('{0} better than the same student trained without the teacher', difference)
        : label('{0} worse than the same student trained without the teacher', difference),
  };
}

/** Of numbers, by the share of the baseline's error; undefined where that has none. */
function changeOfError(student: ModelReport, baseline: ModelReport): Change | undefined {
  const share = student.test.loss / baseline.test.loss - 1;
  if (!Number.isFinite(share)) return undefined;
  const size = formatPercent(Math.abs(share), 1);
  if (size === formatPercent(0, 1)) {
    const text = label('the error no lower than that of the same student trained without the teacher');
    return { isEqual: true, text };
  }
  return {
    isEqual: false,
    text:
      share < 0
        ? label('the error {0} lower than that of the same student trained without the teacher', size)
        : label('the error {0} higher than that of the same student trained without the teacher', size),
  };
}

/** The one number of points that is singular. */
const ONE = '1.0';

/** A difference of accuracies in percentage points; a second decimal where one would show nothing. */
function points(difference: number): { readonly sign: number; readonly size: string } {
  const size = Math.abs(difference * 100);
  if (size < 0.005) return { sign: 0, size: '0' };
  return { sign: Math.sign(difference), size: size.toFixed(size < 0.095 ? 2 : 1) };
}
