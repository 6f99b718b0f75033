import type { CsvLine } from '../../../protocol/panel.ts';
import type { KeptCurves } from './keptCurves.ts';

/** Rows that are written at once. */
const AT_ONCE = 1000;

/**
 * The values of a chart for spreadsheets, in pieces: a row per point of a line, with its epoch, step and seconds. What is not known
 * stays empty.
 */
export function* curvesCsv(curves: KeptCurves, lines: readonly CsvLine[]): Generator<string> {
  let rows = [['line', 'network', 'epoch', 'step', 'seconds', 'value']];
  for (const line of lines) {
    if (line.kind === 'level') {
      rows.push([line.label, '', '', '', '', String(line.value)]);
      continue;
    }
    const { label, network, curve, term } = line;
    for (const { step, x, seconds, value } of curves.points(network, { kind: curve, term })) {
      const time = Number.isNaN(seconds) ? '' : seconds.toFixed(3);
      rows.push([label, network, String(x), String(step), time, Number.isFinite(value) ? String(value) : '']);
      if (rows.length < AT_ONCE) continue;
      yield written(rows);
      rows = [];
    }
  }
  yield written(rows);
}

function written(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
