import { axisOf } from '../../src/report/drawings/axis.ts';
import { html, type Markup } from '../../src/report/drawings/html.ts';
import { logarithmicTicks } from '../../src/report/drawings/logarithmicTicks.ts';
import type { DrawnLine } from './drawnLines.ts';
import type { ZoomRange } from './chartView.ts';
import type { ChartColor } from './series.ts';

export interface ChartPicture {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly DrawnLine[];
  readonly range: ZoomRange;
  readonly isLogarithmic: boolean;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

export const PICTURE_SIZE = { width: 720, height: 420 } as const;
const FRAME = { left: 78, right: 700, top: 44, bottom: 340 } as const;
const LEGEND = { top: 398, swatch: 20, letter: 7, gap: 18 } as const;

/** On white, whatever the theme is, for a picture goes into documents. */
const COLORS: Readonly<Record<ChartColor, string>> = {
  blue: '#1a66c9',
  green: '#2e7d32',
  purple: '#6a2c91',
  red: '#b3261e',
  yellow: '#9a6700',
  foreground: '#333333',
};

/** A chart as a picture that stands alone, with axes, legend and title. */
export function chartSvg({ title, xLabel, lines, range, isLogarithmic, formatX, formatY }: ChartPicture): string {
  const values = lines.flatMap(({ x, y }) =>
    y.filter((value, index): value is number => value !== null && isWithin(x[index] ?? NaN, range)),
  );
  const y = isLogarithmic ? logarithmicScale(values) : linearScale(values);
  const xTicks = axisOf([range.from, range.to], 6).ticks.filter((tick) => isWithin(tick, range));
  const atX = (value: number): number =>
    FRAME.left + ((value - range.from) / (range.to - range.from)) * (FRAME.right - FRAME.left);
  const atY = (value: number): number => FRAME.bottom - y.share(value) * (FRAME.bottom - FRAME.top);
  const drawn = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${PICTURE_SIZE.width}"
    height="${PICTURE_SIZE.height}"
    viewBox="0 0 ${PICTURE_SIZE.width} ${PICTURE_SIZE.height}"
    font-family="sans-serif"
    font-size="12"
    fill="#333333"
  >
    <title>${title}</title>
    <rect width="100%" height="100%" fill="#ffffff" />
    <clipPath id="frame">
      <rect
        x="${FRAME.left}"
        y="${FRAME.top}"
        width="${FRAME.right - FRAME.left}"
        height="${FRAME.bottom - FRAME.top}"
      />
    </clipPath>
    <text x="${FRAME.left}" y="26" font-size="15" font-weight="600">${title}</text>
    ${y.ticks.map((tick) => html`<path d="M${FRAME.left} ${rounded(atY(tick))}H${FRAME.right}" stroke="#dddddd" /><text x="${FRAME.left - 8}" y="${rounded(atY(tick) + 4)}" text-anchor="end">${formatY(tick)}</text>`)}
    ${xTicks.map((tick) => html`<path d="M${rounded(atX(tick))} ${FRAME.bottom}v5" stroke="#888888" /><text x="${rounded(atX(tick))}" y="${FRAME.bottom + 19}" text-anchor="middle">${formatX(tick)}</text>`)}
    <path d="M${FRAME.left} ${FRAME.bottom}H${FRAME.right}" stroke="#888888" />
    <text x="${(FRAME.left + FRAME.right) / 2}" y="${FRAME.bottom + 38}" text-anchor="middle">${xLabel}</text>
    <g clip-path="url(#frame)" fill="none" stroke-width="2">
      ${lines.toReversed().map((line) => html`<path d="${pathOf(line, atX, atY)}" stroke="${COLORS[line.series.color]}" stroke-dasharray="${line.series.isDashed ? '6 4' : 'none'}" opacity="${line.isFaint ? 0.25 : 1}" />`)}
    </g>
    ${legend(lines.filter((line) => !line.isFaint))}
  </svg>`;
  return `${drawn.text}\n`;
}

interface Scale {
  readonly ticks: readonly number[];
  readonly share: (value: number) => number;
}

function linearScale(values: readonly number[]): Scale {
  const { low, high, ticks } = axisOf(values, 5);
  return { ticks, share: (value) => (value - low) / (high - low) };
}

function logarithmicScale(values: readonly number[]): Scale {
  const { low, high } = values.reduce(
    (ends, value) => ({ low: Math.min(ends.low, value), high: Math.max(ends.high, value) }),
    { low: Infinity, high: 0 },
  );
  if (high === 0) return linearScale(values);
  const [bottom, top] = [low / 1.1, high * 1.1];
  return {
    ticks: logarithmicTicks(bottom, top),
    share: (value) => Math.log(value / bottom) / Math.log(top / bottom),
  };
}

/** A path with a gap wherever there is no value. */
function pathOf({ x, y }: DrawnLine, atX: (value: number) => number, atY: (value: number) => number): string {
  let isDown = false;
  return y
    .map((value, index) => {
      const command = isDown ? 'L' : 'M';
      isDown = value !== null;
      return value === null ? '' : `${command}${rounded(atX(x[index] ?? 0))} ${rounded(atY(value))}`;
    })
    .join('');
}

function legend(lines: readonly DrawnLine[]): readonly Markup[] {
  let left: number = FRAME.left;
  return lines.map(({ series: { label, color, isDashed } }) => {
    const start = left;
    left += LEGEND.swatch + 6 + label.length * LEGEND.letter + LEGEND.gap;
    return html`<path
        d="M${start} ${LEGEND.top - 4}h${LEGEND.swatch}"
        stroke="${COLORS[color]}"
        stroke-width="2"
        stroke-dasharray="${isDashed ? '6 4' : 'none'}"
      /><text x="${start + LEGEND.swatch + 6}" y="${LEGEND.top}">${label}</text>`;
  });
}

function isWithin(value: number, { from, to }: ZoomRange): boolean {
  return value >= from && value <= to;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
