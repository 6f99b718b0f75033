import type { RunComparison } from './compareRuns.ts';
import { cautionText, comparisonTables, untranslated } from './comparisonTables.ts';

/** A comparison as Markdown, for a pull request. */
export function renderComparisonMarkdown(comparison: RunComparison): string {
  const cautions = comparison.cautions.map((caution) => `> ${escaped(cautionText(caution, comparison, untranslated))}`);
  const tables = comparisonTables(comparison, untranslated).flatMap(({ title, notes, head, rows }) => [
    `### ${escaped(title)}`,
    '',
    row(head),
    `| --- |${' ---: |'.repeat(head.length - 1)}`,
    ...rows.map(row),
    '',
    ...notes.map((note) => escaped(note)),
    '',
  ]);
  return [...cautions.flatMap((caution) => [caution, '']), ...tables].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

/** Text that Markdown shows as it is. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~!&]/g, (character) => `\\${character}`);
}
