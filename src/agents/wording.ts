import type { Problem } from '../errors.ts';

/** A table in Markdown. */
export function markdownTable({
  head,
  rows,
}: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A list that is cut after so many items, and says how many more there are. */
export function listedShortly(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown}, and ${items.length - most} more` : shown;
}

/** Lines, without those that are not there. */
export function joinLines(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line !== '').join('\n');
}

/** Items, a line each; nothing where there are none. */
export function bulletLines(title: string, items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : `${title}\n${items.map((item) => `- ${item}`).join('\n')}`;
}

/** A problem as a line: where, what is wrong and what would be right. */
export function problemLine({ where, message, hint }: Problem): string {
  const sentence = /[.!?…]$/.test(message) ? message : `${message}.`;
  return `${where}: ${sentence}${hint === undefined ? '' : ` ${hint}`}`;
}
