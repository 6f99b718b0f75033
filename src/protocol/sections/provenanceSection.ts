import { formatBytes } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type LabelledText } from '../reportText.ts';

/** What the student was made from, and what that took. */
export function provenanceSection({ trainingMemory }: Report): ReportSection | undefined {
  const sentences: LabelledText[] = [];
  if (trainingMemory !== null) {
    sentences.push(label('The process that trained took up to {0} of memory.', formatBytes(trainingMemory)));
  }
  if (sentences.length === 0) return undefined;
  return { id: 'provenance', title: label('Where the student comes from'), isLong: false, sentences };
}
