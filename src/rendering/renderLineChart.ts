import { horizontalGrid } from '../report/drawings/horizontalGrid.ts';
import { axisOf } from '../report/drawings/axis.ts';
import { drawingArea } from '../report/drawings/drawingArea.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { outlineOf } from '../report/drawings/outlineOf.ts';
import type { ReportLanguage } from './reportLanguage.ts';
import { tableRows } from './tableRows.ts';

export interface Series {
  readonly name: string;
  /** Which of the page's line styles it has, 0…5. */
  readonly style: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LineChart {
  readonly title: string;
  /** What the horizontal axis counts. */
  readonly xLabel: string;
  readonly series: readonly Series[];
  /** A horizontal line across the chart, such as the teacher's accuracy. */
  readonly reference?: { readonly name: string; readonly y: number };
  /** Writes a value, on the axis and in the table. */
  readonly format: (value: number, decimals: number) => string;
}

const WIDTH = 640;
const HEIGHT = 280;
const MARGIN = { left: 64, right: 16, top: 12, bottom: 40 };
const REFERENCE_STYLE = 5;
/** Points of a line that are marked each; the dots of more would grow together to a band. */
const MOST_DOTS = 80;

/** A chart as inline SVG with its legend, and its numbers as a table that can be folded out. */
export function renderLineChart(chart: LineChart, { t }: ReportLanguage): Markup {
  return html`<figure>
    <figcaption>${chart.title}</figcaption>
    ${drawingArea(chart.title, renderSvg(chart, t))} ${renderLegend(chart)} ${renderTable(chart, t)}
  </figure>`;
}

function renderSvg({ title, xLabel, series, reference, format }: LineChart, t: ReportLanguage['t']): Markup {
  const points = series.flatMap((line) => line.points);
  const xAxis = axisOf(
    points.map((point) => point.x),
    8,
  );
  const yAxis = axisOf([...points.map((point) => point.y), ...(reference ? [reference.y] : [])], 5);
  const left = MARGIN.left;
  const right = WIDTH - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const xAt = (x: number) => rounded(left + ((x - xAxis.low) / (xAxis.high - xAxis.low)) * (right - left));
  const yAt = (y: number) => rounded(bottom - ((y - yAxis.low) / (yAxis.high - yAxis.low)) * (bottom - MARGIN.top));
  const whole = xAxis.ticks.filter(Number.isInteger);
  return html`<svg
    class="drawing wide"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${t('{0}; the numbers are in the table below', title)}"
  >
    ${horizontalGrid(yAxis.ticks, { left, right, yAt }, (tick) => format(tick, yAxis.decimals))}
    ${whole.map((tick) => html`<text x="${xAt(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`)}
    <text x="${(left + right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${xLabel}</text>
    ${
      reference
        ? html`<line
            class="line style-${REFERENCE_STYLE}"
            x1="${left}"
            x2="${right}"
            y1="${yAt(reference.y)}"
            y2="${yAt(reference.y)}"
          />`
        : null
    }
    ${series.map((line) => {
      const drawn = outlineOf(
        line.points.flatMap(({ x, y }) => (Number.isFinite(y) ? [{ x: xAt(x), y: yAt(y) }] : [])),
      );
      const path = drawn.map(({ x, y }) => `${x},${y}`).join(' ');
      const dots = line.points.length > MOST_DOTS ? [] : drawn;
      return html`<polyline class="line style-${line.style}" points="${path}" />
        ${dots.map(({ x, y }) => html`<circle class="style-${line.style}" cx="${x}" cy="${y}" r="2.5" />`)}`;
    })}
  </svg>`;
}

function renderLegend({ series, reference }: LineChart): Markup {
  const entries = [...series, ...(reference ? [{ name: reference.name, style: REFERENCE_STYLE }] : [])];
  return html`<ul class="legend">
    ${entries.map(
      ({ name, style }) =>
        html`<li>
          <svg viewBox="0 0 28 8" aria-hidden="true">
            <line class="line style-${style}" x1="0" x2="28" y1="4" y2="4" />
          </svg>
          ${name}
        </li>`,
    )}
  </ul>`;
}

function renderTable({ title, xLabel, series, reference, format }: LineChart, t: ReportLanguage['t']): Markup {
  const positions = [...new Set(series.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b);
  const { step, rows } = tableRows(positions);
  const columns = series.map(({ points }) => new Map(points.map(({ x, y }) => [x, format(y, 4)])));
  return html`<details>
    <summary>${t('{0}, as a table', title)}</summary>
    ${reference ? html`<p>${reference.name}: ${format(reference.y, 4)}</p>` : null}
    ${step > 1 ? html`<p>${t('One epoch in {0}; metrics.csv, beside this page, has all of them.', step)}</p>` : null}
    <table>
      <thead>
        <tr>
          <th scope="col">${xLabel}</th>
          ${series.map((line) => html`<th scope="col">${line.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (x) =>
            html`<tr>
              <th scope="row">${x}</th>
              ${columns.map((column) => html`<td>${column.get(x) ?? ''}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
