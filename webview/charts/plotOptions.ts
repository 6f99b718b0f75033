import type uPlot from 'uplot';
import type { ZoomRange } from './chartView.ts';
import type { DrawnLine } from './drawnLines.ts';
import type { ChartFormat } from './series.ts';
import { readTheme } from './theme.ts';
import type { XAxis } from './timeline.ts';
import { formatX, nameOfAxis } from './xAxis.ts';

/** A person who only clicks drags a little, too. In pixels. */
const LEAST_DRAG = 6;
/** Marks at whole minutes and hours, where the axis is time. */
const SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
/** Marks at 1, 2 and 5 times the powers of ten. */
const ROUND = Array.from({ length: 11 }, (_, power) =>
  [1, 2, 5].map((multiple) => multiple * 10 ** (power - 3)),
).flat();
/** Smaller values than this share of the largest are beneath a logarithmic scale. */
const LEAST_SHARE = 1e-9;

/** Positions in the data: of x, and of the nearest value of each line. */
export type Places = readonly (number | null | undefined)[];

export interface PlotSettings {
  readonly lines: readonly DrawnLine[];
  readonly axis: XAxis;
  readonly format: ChartFormat;
  readonly isLogarithmic: boolean;
  readonly range: () => ZoomRange;
  readonly onZoom: (range: ZoomRange | undefined) => void;
  /** Called with the positions in the data that the pointer is at, for x and for each line; undefined where it is at none. */
  readonly onPoint: (places: Places | undefined, data: uPlot.AlignedData) => void;
}

/** How uPlot has to draw the lines, in the colours of the theme. */
export function plotOptions(settings: PlotSettings): Omit<uPlot.Options, 'width' | 'height'> {
  const { lines, axis, format, isLogarithmic, range, onZoom, onPoint } = settings;
  const theme = readTheme();
  const common: uPlot.Axis = {
    stroke: theme.text,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.grid, width: 1, size: 4 },
  };
  return {
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG }, points: { size: 6 } },
    scales: {
      x: {
        time: false,
        range: () => {
          const { from, to } = range();
          return [from, to];
        },
      },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot has the enum in its types alone, not in its code
      y: isLogarithmic
        ? { distr: 3, range: (_plot, low, high) => logarithmicRange(low, high) }
        : { range: (_plot, low, high) => padded(low, high, format.maximum) },
    },
    axes: [
      {
        ...common,
        size: 34,
        label: nameOfAxis(axis),
        labelSize: 18,
        labelFont: theme.font,
        incrs: (_plot, _axis, low, high) => marksOf(axis, high - low),
        space: axis === 'time' ? 70 : 50,
        values: (_plot, ticks) => ticks.map((tick) => formatX(axis, tick)),
      },
      {
        ...common,
        size: 58,
        values: (_plot, ticks: readonly (number | null)[], _axis, _space, distance) =>
          ticks.map((tick) => (tick === null ? '' : format.tick(tick, isLogarithmic ? undefined : distance))),
      },
    ],
    series: [
      {},
      ...lines.map(({ series: { label, color, isDashed, y, means }, isFaint }) => ({
        label,
        stroke: theme.color(color),
        width: isFaint || means ? 1 : 2,
        alpha: isFaint ? 0.3 : 1,
        spanGaps: false,
        points: { show: y.length < 40 && !isDashed && !isFaint, size: 5, fill: theme.color(color) },
        ...(isDashed && { dash: [6, 4] }),
      })),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          onPoint(typeof plot.cursor.idx === 'number' ? plot.cursor.idxs : undefined, plot.data);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < LEAST_DRAG) return;
          onZoom({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** Distances that marks may have. There are no halves of epochs and steps, unless somebody looks so closely that nothing else is there. */
function marksOf(axis: XAxis, span: number): number[] {
  if (axis === 'time') return [...SECONDS];
  return span < 2 ? ROUND : ROUND.filter((distance) => distance >= 1);
}

/** A little more than the values span. */
function padded(low: number | null, high: number | null, limit = Infinity): [number, number] {
  const [least, most] = [low ?? 0, high ?? 1];
  const margin = (most - least) * 0.06 || Math.abs(most) * 0.1 || 0.05;
  return [Math.max(0, least - margin), Math.min(limit, most + margin)];
}

function logarithmicRange(low: number | null, high: number | null): [number, number] {
  const most = high !== null && high > 0 ? high : 1;
  const least = Math.max(low !== null && low > 0 ? low : most / 10, most * LEAST_SHARE);
  return [least / 1.15, most * 1.15];
}
