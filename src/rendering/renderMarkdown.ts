import { formatDuration, formatInteger, formatTrainingDevice } from '../report/format.ts';
import type { Report } from '../report/report.ts';
import { writtenTable, type ReportSection } from '../report/reportSection.ts';
import { reportSections } from '../report/reportSections.ts';
import { inEnglish, type ReportText } from '../report/wording/reportText.ts';
import { sizedNetworks } from '../report/sizedNetworks.ts';
import { classTable, comparisonTable, type WrittenTable } from '../report/reportTable.ts';

/** The report as Markdown, for a pull request. @param others reports of other runs */
export function renderMarkdown(report: Report, others: readonly Report[] = []): string {
  const { dataset, device } = report;
  return [
    `## ${escaped(report.name)}`,
    '',
    `**${escaped(report.summary)}**`,
    '',
    ...table(comparisonTable(report)),
    '',
    ...reportSections(report, sizedNetworks(report, others)).flatMap(section),
    ...classes(report),
    escaped(
      `${dataset.path}, ${dataset.unlabelled === undefined ? '' : `with ${formatInteger(dataset.unlabelled)} samples without labels, `}trained on ${formatTrainingDevice(device)} in ${formatDuration(report.seconds.total)}. ` +
        `Latency at batch 1 on ${device.latency}: ${device.machine}.`,
    ),
    '',
  ].join('\n');
}

/** A part of the report; long ones are folded away, and what is drawn or shown elsewhere is left out. */
function section({ title, sentences, table: rows, samples, isLong }: ReportSection): readonly string[] {
  if (samples) return [];
  const heading = escaped(inEnglish(title));
  const lines = [
    ...sentences.map((sentence) => `- ${inMarkdown(sentence)}`),
    ...(rows ? ['', ...table(writtenTable(rows))] : []),
    '',
  ];
  return isLong
    ? [`<details><summary>${heading}</summary>`, '', ...lines, '</details>', '']
    : [`### ${heading}`, '', ...lines];
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

/** A text of the report in English; what stands in a file is code, so that it can be copied from the source, too. */
function inMarkdown(text: ReportText): string {
  if (typeof text === 'string' || 'found' in text) return escaped(inEnglish(text));
  if ('code' in text) return `\`${text.code}\``;
  return escaped(text.label).replace(/\\\{(\d+)\\\}/g, (place, index: string) =>
    inMarkdown(text.values[Number(index)] ?? place),
  );
}

/** Text that Markdown shows as it is. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~!&]/g, (character) => `\\${character}`);
}
