import { writerOfBounds, writerOfDifferences } from '../wording/differenceTexts.ts';
import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { Report, TestQuality } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText, type ReportText } from '../wording/reportText.ts';

/** What every fold came to, and how sure the gain over the baseline is over all of them. */
export function foldsSection(report: Report): ReportSection | undefined {
  const { folds } = report;
  if (!folds || folds.results.length === 0) return undefined;
  const { results, gain, isInTime, isTeacherTrained } = folds;
  const bound = writerOfBounds(report);
  const difference = writerOfDifferences(report);
  const measure = ({ accuracy, loss }: TestQuality): number => accuracy ?? loss;
  const isShare = results.some(({ student }) => student.accuracy !== null);
  const written = (value: number | null): string =>
    value === null ? '–' : isShare ? formatPercent(value) : formatLoss(value);
  const quality = (result: TestQuality | null): string => written(result && measure(result));
  const gainOf = (student: number | null, baseline: number | null): ReportText =>
    student === null || baseline === null ? '–' : difference(student - baseline);
  const mean = (network: 'student' | 'baseline' | 'teacher'): number | null => {
    const found = results.flatMap((result) => result[network] ?? []).map(measure);
    return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
  };
  return {
    id: 'folds',
    title: label('Several folds'),
    isLong: false,
    sentences: [
      ...(gain
        ? [
            label(
              'Mean gain over the same student trained without the teacher: {0} (95 % interval {1} to {2}, {3} folds).',
              difference(gain.value),
              bound(gain.low),
              bound(gain.high),
              formatInteger(results.length),
            ),
          ]
        : []),
      sizesText(results.map(({ test }) => test)),
      ...(isInTime ? [label('In time order each fold learns only from what came before.')] : []),
      ...(isTeacherTrained === false
        ? [
            label(
              'The teacher is a file and the same in every fold: if it was trained on these data, it has seen what it is judged on here.',
            ),
          ]
        : []),
    ],
    table: {
      head: [label('Fold'), label('Teacher'), label('Student'), label('Without the teacher'), label('Gain')],
      rows: [
        ...results.map(({ fold, student, baseline, teacher }) => [
          String(fold),
          quality(teacher),
          quality(student),
          quality(baseline),
          gainOf(measure(student), baseline && measure(baseline)),
        ]),
        [
          label('Mean'),
          written(mean('teacher')),
          written(mean('student')),
          written(mean('baseline')),
          gainOf(mean('student'), mean('baseline')),
        ],
      ],
    },
  };
}

/** On how many samples folds judge. */
function sizesText(sizes: readonly number[]): LabelledText {
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most
    ? label(
        'Each fold judges on {0} samples that it did not learn from. The interval allows for folds that learn from the same samples (Nadeau and Bengio, 2003).',
        formatInteger(least),
      )
    : label(
        'Each fold judges on {0} to {1} samples that it did not learn from. The interval allows for folds that learn from the same samples (Nadeau and Bengio, 2003).',
        formatInteger(least),
        formatInteger(most),
      );
}
