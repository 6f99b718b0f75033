import type { RunSnapshot } from '../../src/protocol/snapshot.ts';
import type { Series } from './series.ts';
import { Timeline } from './timeline.ts';

/**
 * The values of a chart for spreadsheets: a row per point of a line, with its epoch, step and seconds. What is not known
 * stays empty.
 */
export function chartCsv(series: readonly Series[], clocks: RunSnapshot['clocks']): string {
  const steps = new Timeline('step', clocks);
  const times = new Timeline('time', clocks);
  const rows = series
    .filter((line) => !line.isLevel)
    .flatMap((line) =>
      line.x.map((epoch, index) => [
        line.label,
        line.network,
        String(epoch),
        steps.axis === 'step' ? String(Math.round(steps.at(line.network, epoch))) : '',
        times.axis === 'time' ? times.at(line.network, epoch).toFixed(3) : '',
        String(line.y[index] ?? ''),
      ]),
    );
  const levels = series
    .filter((line) => line.isLevel)
    .map((line) => [line.label, '', '', '', '', String(line.y[0] ?? '')]);
  return [['line', 'network', 'epoch', 'step', 'seconds', 'value'], ...rows, ...levels]
    .map((row) => `${row.map(quoted).join(',')}\n`)
    .join('');
}

function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
