import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { painted, type Output } from './terminal.ts';

/** No lines between rows. */
const compact = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** For narrow terminals: columns with nothing but two spaces between them. */
const bare = {
  ...compact,
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', right: '', middle: '  ' },
};

/** Rows under their heads; the first `leftColumns` are aligned to the left, the others to the right. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  output: Output,
  leftColumns = 1,
): string {
  const framed = build(head, rows, output, leftColumns, {});
  // The table's own `width` counts the colours' control characters, too.
  const [firstLine = ''] = stripVTControlCharacters(framed).split('\n');
  return `${firstLine.length <= output.columns ? framed : build(head, rows, output, leftColumns, bare)}\n`;
}

function build(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  output: Output,
  leftColumns: number,
  chars: Partial<Record<Table.CharName, string>>,
): string {
  const padding = 'left' in chars ? 0 : 1;
  const table = new Table({
    head: head.map((cell) => painted(output, 'bold', cell)),
    colAligns: head.map((_, index) => (index < leftColumns ? 'left' : 'right')),
    chars: { ...compact, ...chars },
    // The table's own colours look at the environment and not at the stream that is written to.
    style: { head: [], border: [], 'padding-left': padding, 'padding-right': padding },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[┌─┬┐│└┴┘]+/g, (lines) => painted(output, 'dim', lines));
}
