import { formatInteger, formatPercent } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** How often the student is right, by how sure it is. */
export function reliabilitySection({ student }: Report): ReportSection | undefined {
  const bins = student.decisions?.reliability;
  if (!bins) return undefined;
  const written = (share: number | null): string => (share === null ? '–' : formatPercent(share, 1));
  return {
    id: 'reliability',
    title: label('How far the student can be believed'),
    isLong: true,
    sentences: [
      label('Decisions by confidence: where bars reach the diagonal, the student is right as often as it is sure.'),
    ],
    figure: { kind: 'reliability', bins },
    table: {
      head: ['', label('Decisions'), label('Confidence'), label('Right')],
      rows: bins.map(({ decisions: count, confidence, accuracy }, index) => [
        label('{0} to {1}', formatPercent(index / bins.length, 0), formatPercent((index + 1) / bins.length, 0)),
        formatInteger(count),
        written(confidence),
        written(accuracy),
      ]),
    },
  };
}
