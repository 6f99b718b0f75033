import { formatLoss } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';
import { networksOf } from './networksOf.ts';

/** How far every predicted number is off. */
export function targetsSection(report: Report): ReportSection | undefined {
  const names = report.student.targets.map(({ name }) => name);
  if (names.length === 0) return undefined;
  const networks = networksOf(report);
  const figures = [
    [label('Mean absolute error'), 'meanAbsoluteError'],
    [label('Root mean squared error'), 'rootMeanSquaredError'],
    ['R²', 'determination'],
  ] as const;
  return {
    id: 'targets',
    title: label('Predicted numbers, in their own units'),
    isLong: false,
    sentences: [],
    table: {
      head: ['', label('Measured'), ...networks.map(([name]) => name)],
      rows: names.flatMap((name, index) =>
        figures.map(([title, figure]) => [
          name,
          title,
          ...networks.map(([, { targets: qualities }]) => formatLoss(qualities[index]?.[figure] ?? NaN)),
        ]),
      ),
    },
  };
}
