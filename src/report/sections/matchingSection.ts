import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';

/** How the teachers that existed before the run were matched to the data. */
export function matchingSection({ matching }: Report): ReportSection | undefined {
  const sentences = matching.flatMap(({ teacher, notes, warnings }) => [
    ...notes.map((note) => label('{0}: {1}', teacher, { found: note })),
    ...warnings.map(({ message, hint }) =>
      label('{0}, to be checked: {1}', teacher, { found: hint === undefined ? message : `${message} ${hint}` }),
    ),
  ]);
  if (sentences.length === 0) return undefined;
  return { id: 'matching', title: label('How the teacher was matched to the data'), isLong: false, sentences };
}
