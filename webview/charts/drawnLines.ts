import uPlot from 'uplot';
import type { Points } from '../../src/protocol/snapshot.ts';
import type { Series } from './series.ts';
import { smooth } from './smooth.ts';
import type { ChartView, ZoomRange } from './chartView.ts';
import { countBelow, type Timeline } from './timeline.ts';

/** A line as the chart draws it: where the epochs are on its x axis, and smoothed where that is wanted. */
export interface DrawnLine {
  readonly series: Series;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** What was measured, behind its moving average. */
  readonly isFaint: boolean;
}

/** The lines of a chart: those with a name first, in their order, then what they were smoothed from. */
export function drawnLines(
  series: readonly Series[],
  { timeline, smoothing, zoom }: Pick<ChartView, 'timeline' | 'smoothing' | 'zoom'>,
  isLogarithmic: boolean,
): readonly DrawnLine[] {
  const lines = allLines(series, timeline, smoothing, isLogarithmic);
  return zoom ? lines.map((line) => (line.series.isLevel ? line : within(line, zoom))) : lines;
}

/** What is seen of a line, with its neighbours: lines go on over the edges. */
function within(line: DrawnLine, { from, to }: ZoomRange): DrawnLine {
  const start = Math.max(0, countBelow(line.x, from) - 1);
  const end = countBelow(line.x, to) + 2;
  return { ...line, x: line.x.slice(start, end), y: line.y.slice(start, end) };
}

function allLines(
  series: readonly Series[],
  timeline: Timeline,
  smoothing: number,
  isLogarithmic: boolean,
): readonly DrawnLine[] {
  // A logarithmic scale has no place for zero.
  const shown = (y: Series['y']): Series['y'] =>
    isLogarithmic ? y.map((value) => (value !== null && value > 0 ? value : null)) : y;
  const placed = (line: Series, { x, y }: Points): Pick<DrawnLine, 'series' | 'x' | 'y'> => ({
    series: line,
    x: x.map((epoch) => timeline.at(line.network, epoch)),
    y: shown(y),
  });
  const measured = series.map((line) => placed(line, line));
  if (smoothing === 0) return measured.map((line) => ({ ...line, isFaint: false }));
  const smoothed = series.map((line, index) => {
    // Least and greatest values in turn have no moving average that says something.
    const drawn = line.means ? placed(line, line.means) : measured[index];
    return drawn && { ...drawn, isFaint: false, ...(!line.isLevel && { y: smooth(drawn.y, smoothing) }) };
  });
  return [
    ...smoothed.filter((line) => line !== undefined),
    ...measured.filter((line) => !line.series.isLevel).map((line) => ({ ...line, isFaint: true })),
  ];
}

/** uPlot wants one x for all series. Where a series has no point it has `undefined`, which lines pass over. */
export function alignedData(lines: readonly DrawnLine[]): uPlot.AlignedData {
  return uPlot.join(lines.map(({ x, y }) => [[...x], [...y]]));
}
