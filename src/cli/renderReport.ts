import type { Report } from '../report/report.ts';
import { writtenTable, type ReportSection, type SectionId } from '../report/reportSection.ts';
import { adviceSection } from '../report/sections/adviceSection.ts';
import { reportSections } from '../report/reportSections.ts';
import { inEnglish } from '../report/wording/reportText.ts';
import { classTable, comparisonTable } from '../report/reportTable.ts';
import { renderTable } from './renderTable.ts';
import { painted, type Output } from './terminal.ts';

/** The report for the terminal: the summary and the compression table. */
export function renderReport(report: Report, output: Output): string {
  const { head, rows } = comparisonTable(report);
  return `${painted(output, 'bold', report.summary)}\n${renderTable(head, rows, output)}`;
}

/**
 * What more there is to say, with tables, for the terminal; long parts are left to the other formats.
 *
 * @param wanted the parts to write; by default all
 */
export function renderSections(report: Report, output: Output, wanted?: readonly SectionId[]): string {
  return writeSections(
    reportSections(report).filter(({ id, isLong }) => !isLong && (wanted?.includes(id) ?? true)),
    output,
  );
}

/** Parts of a report with their tables, for the terminal. */
export function writeSections(sections: readonly ReportSection[], output: Output): string {
  return sections
    .map(({ title, sentences, table }) => {
      const lines = [painted(output, 'bold', inEnglish(title)), ...sentences.map(inEnglish)];
      const written = table && writtenTable(table);
      return `\n${lines.join('\n')}\n${written ? renderTable(written.head, written.rows, output) : ''}`;
    })
    .join('');
}

/** Accuracy by class for the terminal; empty where there are no classes. */
export function renderClasses(report: Report, output: Output): string {
  const { head, rows } = classTable(report);
  return rows.length === 0 ? '' : renderTable(head, rows, output);
}

/** How much advice the end of a run gives; the report has all of it. */
const ADVICE_IN_TERMINAL = 2;

/** What a run decided by itself, and what takes it longer because its file asks for it; the report has the rest. */
const TOLD_AT_THE_END: readonly SectionId[] = ['trials', 'seeds', 'folds', 'variants', 'changed-inputs'];

/** What the end of a run says on the terminal. */
export function renderEnd(report: Report, output: Output): string {
  return renderReport(report, output) + renderSections(report, output, TOLD_AT_THE_END) + renderAdvice(report, output);
}

/** The first advice for the terminal; empty where there is none. */
function renderAdvice({ advice }: Report, output: Output): string {
  const section = adviceSection({ advice: advice.slice(0, ADVICE_IN_TERMINAL) });
  return section ? writeSections([section], output) : '';
}
