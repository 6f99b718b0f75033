import { formatPercent, formatShare } from '../format.ts';
import type { Decisions } from '../quality.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText, type ReportText } from '../wording/reportText.ts';
import { rareClass } from '../rareClass.ts';
import { networksOf } from './networksOf.ts';

/** Measures of the decisions of all networks on the test split; of two classes of which one is rare, first those that tell how well it is found. */
export function decisionsSection(report: Report): ReportSection | undefined {
  if (!report.student.decisions) return undefined;
  const networks = networksOf(report);
  const row = (title: LabelledText, figure: (of: Decisions) => number | null): (readonly ReportText[])[] => {
    const values = networks.map(([, model]) => (model.decisions ? figure(model.decisions) : null));
    if (values.every((value) => value === null)) return [];
    return [[title, ...values.map((value) => (value === null ? '–' : formatShare(value)))]];
  };
  const rare = rareClass(report);
  const area = row(label('Area under the ROC curve'), ({ areaUnderCurve }) => areaUnderCurve);
  return {
    id: 'decisions',
    title: label('Decisions on the test split'),
    isLong: false,
    sentences: rare
      ? [
          label(
            'Only {0} of the test samples are {1}: whoever always said {2} would be right on {3}. So the area under the ROC curve and the average precision say more than the accuracy.',
            formatPercent(rare.share),
            rare.name,
            rare.other,
            formatPercent(1 - rare.share),
          ),
        ]
      : [],
    table: {
      head: [label('Measured'), ...networks.map(([name]) => name)],
      rows: [
        ...(rare
          ? [
              ...area,
              ...row(
                label('Average precision of {0}', rare.name),
                ({ classes }) => classes[rare.index]?.averagePrecision ?? null,
              ),
            ]
          : []),
        ...row(label('Top-5 accuracy'), ({ topFive }) => topFive),
        ...row(label('Balanced accuracy'), ({ balancedAccuracy }) => balancedAccuracy),
        ...row(label('Precision, mean of the classes'), ({ macro }) => macro.precision),
        ...row(label('Recall, mean of the classes'), ({ macro }) => macro.recall),
        ...row(label('F1, mean of the classes'), ({ macro }) => macro.f1),
        ...row(label('F1 of all decisions'), ({ micro }) => micro.f1),
        ...(rare ? [] : area),
        ...row(label('Calibration error'), ({ calibrationError }) => calibrationError),
      ],
    },
  };
}
