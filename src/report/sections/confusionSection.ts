import { formatInteger } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** Which classes the student takes for which. */
export function confusionSection({ student, dataset: { classes } }: Report): ReportSection | undefined {
  const counts = student.decisions?.confusion;
  if (!counts) return undefined;
  return {
    id: 'confusion',
    title: label('What the student takes for what'),
    isLong: true,
    sentences: [label('Rows are the classes that samples have, columns those that the student chose.')],
    figure: { kind: 'confusion', classes, counts },
    table: {
      head: [label('Class'), ...classes],
      rows: counts.map((row, index) => [classes[index] ?? '', ...row.map(formatInteger)]),
    },
  };
}
