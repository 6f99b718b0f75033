import Table from 'cli-table3';
import type { Output } from './terminal.ts';

/** No lines between rows. */
const compact = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** For narrow terminals: columns with nothing but two spaces between them. */
const bare = {
  ...compact,
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', right: '', middle: '  ' },
};

/** Rows under their heads. The first column is aligned to the left, the others as `align` says. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  output: Output,
  align: 'left' | 'right' = 'right',
): string {
  const framed = build(head, rows, output, align, {});
  if (framed.width <= output.columns) return `${framed.toString()}\n`;
  return `${build(head, rows, output, align, bare).toString()}\n`;
}

function build(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  output: Output,
  align: 'left' | 'right',
  chars: Partial<Record<Table.CharName, string>>,
): Table.Table {
  const padding = 'left' in chars ? 0 : 1;
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, index) => (index === 0 ? 'left' : align)),
    chars: { ...compact, ...chars },
    style: {
      head: output.hasColors ? ['bold'] : [],
      border: output.hasColors ? ['dim'] : [],
      'padding-left': padding,
      'padding-right': padding,
    },
  });
  table.push(...rows.map((row) => [...row]));
  return table;
}
