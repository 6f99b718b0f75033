import { formatInteger, formatLoss, formatPercent } from '../format.ts';
import type { Answer, Disagreement } from '../quality.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** The test samples on which teacher and student differ most. */
export function disagreementsSection({ comparison, dataset: { classes } }: Report): ReportSection | undefined {
  const found = comparison?.disagreements ?? [];
  if (found.length === 0) return undefined;
  const numbers = (values: readonly number[]): string => values.map(formatLoss).join(', ');
  const truth = (of: Disagreement['truth']): string =>
    'class' in of ? (classes[of.class] ?? '–') : numbers(of.values);
  const answer = (of: Answer): string =>
    of.kind === 'class' ? `${classes[of.class] ?? '–'} (${formatPercent(of.probability, 1)})` : numbers(of.values);
  return {
    id: 'disagreements',
    title: label('Where teacher and student differ most'),
    isLong: true,
    sentences: [],
    samples: found.map((each) => ({
      shown: each.shown,
      heading: label('Test sample {0}, labelled {1}', formatInteger(each.sample), truth(each.truth)),
      lines: [label('Teacher: {0}', answer(each.teacher)), label('Student: {0}', answer(each.student))],
    })),
  };
}
