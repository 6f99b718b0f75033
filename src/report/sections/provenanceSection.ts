import { formatBytes } from '../format.ts';
import type { Report } from '../report.ts';
import type { ReportSection } from '../reportSection.ts';
import { label, type ReportText } from '../wording/reportText.ts';

/** Digits of a hash that are shown; `report.json` has all. */
const DIGITS = 16;

/** What the student was made from, and what that took. */
export function provenanceSection({ trainingMemory, provenance }: Report): ReportSection | undefined {
  if (trainingMemory === null && provenance === null) return undefined;
  const rows: readonly (readonly [ReportText, string])[] = provenance
    ? [
        [label('Experiment file'), provenance.experiment],
        ...provenance.teachers.map(({ file, sha256 }) => [file, sha256] as const),
        [label('Training data'), provenance.data.training],
        [label('Validation data'), provenance.data.validation],
        [label('Test data'), provenance.data.test],
      ]
    : [];
  return {
    id: 'provenance',
    title: label('Where the student comes from'),
    isLong: false,
    sentences:
      trainingMemory === null
        ? []
        : [label('The process that trained took up to {0} of memory.', formatBytes(trainingMemory))],
    ...(rows.length > 0 && {
      table: {
        head: ['', label('SHA-256, its beginning')],
        rows: rows.map(([name, hash]) => [name, hash.slice(0, DIGITS)]),
      },
    }),
  };
}
