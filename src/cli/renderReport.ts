import type { Report } from '../protocol/report.ts';
import { classTable, comparisonTable } from '../protocol/reportTable.ts';
import { renderTable } from './renderTable.ts';
import { painted, type Output } from './terminal.ts';

/** The report for the terminal: the summary and the compression table. */
export function renderReport(report: Report, output: Output): string {
  const { head, rows } = comparisonTable(report);
  return `${painted(output, 'bold', report.summary)}\n${renderTable(head, rows, output)}`;
}

/** Accuracy by class for the terminal; empty where there are no classes. */
export function renderClasses(report: Report, output: Output): string {
  const { head, rows } = classTable(report);
  return rows.length === 0 ? '' : renderTable(head, rows, output);
}
