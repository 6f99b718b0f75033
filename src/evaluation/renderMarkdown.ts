import { formatDuration } from '../protocol/format.ts';
import type { Report } from '../protocol/report.ts';
import { classTable, comparisonTable, type WrittenTable } from '../protocol/reportTable.ts';

/** The report as Markdown, for a pull request. */
export function renderMarkdown(report: Report): string {
  const { dataset, device } = report;
  return [
    `## ${escaped(report.name)}`,
    '',
    `**${escaped(report.summary)}**`,
    '',
    ...table(comparisonTable(report)),
    '',
    ...classes(report),
    escaped(
      `${dataset.path}, trained on ${device.training} in ${formatDuration(report.seconds.total)}. ` +
        `Latency at batch 1 on ${device.latency}: ${device.machine}.`,
    ),
    '',
  ].join('\n');
}

/** How every class fares, folded away; nothing where there are none. */
function classes(report: Report): readonly string[] {
  const written = classTable(report);
  if (written.rows.length === 0) return [];
  return ['<details><summary>Accuracy by class</summary>', '', ...table(written), '', '</details>', ''];
}

function table({ head, rows }: WrittenTable): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `| --- |${' ---: |'.repeat(head.length - 1)}`, ...rows.map(line)];
}

/** Text that Markdown shows as it is. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~!&]/g, (character) => `\\${character}`);
}
