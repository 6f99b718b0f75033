import { formatShare } from '../format.ts';
import type { Decisions } from '../quality.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText, type ReportText } from '../wording/reportText.ts';
import { networksOf } from './networksOf.ts';

/** Measures of the decisions of all networks on the test split. */
export function decisionsSection(report: Report): ReportSection | undefined {
  if (!report.student.decisions) return undefined;
  const networks = networksOf(report);
  const row = (title: LabelledText, figure: (of: Decisions) => number | null): (readonly ReportText[])[] => {
    const values = networks.map(([, model]) => (model.decisions ? figure(model.decisions) : null));
    if (values.every((value) => value === null)) return [];
    return [[title, ...values.map((value) => (value === null ? '–' : formatShare(value)))]];
  };
  return {
    id: 'decisions',
    title: label('Decisions on the test split'),
    isLong: false,
    sentences: [],
    table: {
      head: [label('Measured'), ...networks.map(([name]) => name)],
      rows: [
        ...row(label('Top-5 accuracy'), ({ topFive }) => topFive),
        ...row(label('Balanced accuracy'), ({ balancedAccuracy }) => balancedAccuracy),
        ...row(label('Precision, mean of the classes'), ({ macro }) => macro.precision),
        ...row(label('Recall, mean of the classes'), ({ macro }) => macro.recall),
        ...row(label('F1, mean of the classes'), ({ macro }) => macro.f1),
        ...row(label('F1 of all decisions'), ({ micro }) => micro.f1),
        ...row(label('Area under the ROC curve'), ({ areaUnderCurve }) => areaUnderCurve),
        ...row(label('Calibration error'), ({ calibrationError }) => calibrationError),
      ],
    },
  };
}
