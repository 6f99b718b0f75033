import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** The teachers of an ensemble, each on its own. */
export function membersSection({ members, student }: Report): ReportSection | undefined {
  if (members.length === 0) return undefined;
  const hasAccuracy = student.test.accuracy !== null;
  return {
    id: 'members',
    title: label('Each teacher on its own'),
    isLong: false,
    sentences: [],
    table: {
      head: [
        label('Teacher'),
        label('Share'),
        hasAccuracy ? label('Test accuracy') : label('Mean squared error'),
        ...(hasAccuracy ? [label('Errors')] : []),
      ],
      rows: members.map(({ name, weight, accuracy, errors, loss }) => [
        name,
        formatPercent(weight),
        accuracy === null ? formatLoss(loss) : formatPercent(accuracy),
        ...(hasAccuracy ? [errors === null ? '–' : formatInteger(errors)] : []),
      ]),
    },
  };
}
