import { formatInteger, formatShare } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** Precision, recall, F1, area under the curve and average precision of every class. */
export function classQualitySection({ student, dataset }: Report): ReportSection | undefined {
  if (!student.decisions) return undefined;
  return {
    id: 'class-quality',
    title: label('The student, class by class'),
    isLong: true,
    sentences: [],
    table: {
      head: [
        label('Class'),
        label('Samples'),
        label('Precision of the class'),
        label('Recall'),
        label('F1'),
        label('Area under the ROC curve'),
        label('Average precision'),
      ],
      rows: student.decisions.classes.map(
        ({ samples, precision, recall, f1, areaUnderCurve, averagePrecision }, index) => [
          dataset.classes[index] ?? '',
          formatInteger(samples),
          ...[precision, recall, f1].map(formatShare),
          ...[areaUnderCurve, averagePrecision].map((figure) => (figure === null ? '–' : formatShare(figure))),
        ],
      ),
    },
  };
}
