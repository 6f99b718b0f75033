import { axisOf } from '../report/drawings/axis.ts';
import { horizontalGrid } from '../report/drawings/horizontalGrid.ts';
import { drawingArea } from '../report/drawings/drawingArea.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { outlineOf } from '../report/drawings/outlineOf.ts';
import { formatLoss, formatPercent } from '../report/format.ts';
import type { ComparedRun } from './comparedRun.ts';
import type { Translate } from './comparisonTables.ts';
import { runStyle } from './runStyle.ts';

const WIDTH = 640;
const HEIGHT = 280;
const MARGIN = { left: 64, right: 16, top: 12, bottom: 40 };

interface Curve {
  readonly label: string;
  readonly place: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface Chart {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly format: (value: number, decimals: number) => string;
}

/** The students' curves over each other: validation accuracy and loss, and the training loss. Charts without a curve are left out. */
export function drawCurves(runs: readonly ComparedRun[], t: Translate): readonly Markup[] {
  const curves = (valueOf: (epoch: Epoch) => number | null | undefined): readonly Curve[] =>
    runs
      .map(({ label, events }, place) => ({
        label,
        place,
        points: epochsOf(events).flatMap((epoch) => {
          const y = valueOf(epoch);
          return typeof y === 'number' && Number.isFinite(y) ? [{ x: epoch.epoch, y }] : [];
        }),
      }))
      .filter(({ points }) => points.length > 0);
  const loss = (value: number): string => formatLoss(value);
  const charts: readonly Chart[] = [
    {
      title: t('Validation accuracy'),
      curves: curves(({ validation }) => validation.accuracy),
      format: (share, decimals) => formatPercent(share, Math.max(0, decimals - 2)),
    },
    { title: t('Validation loss'), curves: curves(({ validation }) => validation.loss), format: loss },
    { title: t('Training loss, weighted sum'), curves: curves(({ losses }) => losses['total']), format: loss },
  ];
  return charts.filter((chart) => chart.curves.length > 0).map((chart) => drawChart(chart, t));
}

type Epoch = Extract<ComparedRun['events'][number], { kind: 'epoch' }>;

function epochsOf(events: ComparedRun['events']): readonly Epoch[] {
  return events.filter((event) => event.kind === 'epoch').filter(({ network }) => network === 'student');
}

function drawChart({ title, curves, format }: Chart, t: Translate): Markup {
  const points = curves.flatMap((curve) => curve.points);
  const xAxis = axisOf(
    points.map(({ x }) => x),
    8,
  );
  const yAxis = axisOf(
    points.map(({ y }) => y),
    5,
  );
  const [left, right, bottom] = [MARGIN.left, WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const xAt = (x: number): number => rounded(left + ((x - xAxis.low) / (xAxis.high - xAxis.low)) * (right - left));
  const yAt = (y: number): number =>
    rounded(bottom - ((y - yAxis.low) / (yAxis.high - yAxis.low)) * (bottom - MARGIN.top));
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawingArea(
      title,
      html`<svg
        class="drawing wide"
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        role="img"
        aria-label="${labelOf(title, curves, format, t)}"
      >
        ${horizontalGrid(yAxis.ticks, { left, right, yAt }, (tick) => format(tick, yAxis.decimals))}
        ${xAxis.ticks
          .filter(Number.isInteger)
          .map((tick) => html`<text x="${xAt(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`)}
        <text x="${(left + right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${t('Epoch')}</text>
        ${curves.map(
          ({ label, place, points: of }) =>
            html`<polyline
              class="line"
              style="${runStyle(place)}"
              points="${outlineOf(of.map(({ x, y }) => ({ x: xAt(x), y: yAt(y) })))
                .map(({ x, y }) => `${x},${y}`)
                .join(' ')}"
            >
              <title>${label}</title>
            </polyline>`,
        )}
      </svg>`,
    )}
    <ul class="legend">
      ${curves.map(
        ({ label, place }) =>
          html`<li>
            <svg viewBox="0 0 28 8" aria-hidden="true">
              <line class="line" style="${runStyle(place)}" x1="0" x2="28" y1="4" y2="4" />
            </svg>
            ${label}
          </li>`,
      )}
    </ul>
  </figure>`;
}

/** The chart in words: where each curve ends. */
function labelOf(title: string, curves: readonly Curve[], format: Chart['format'], t: Translate): string {
  const ends = curves.map(({ label, points }) => {
    const last = points.at(-1);
    return last ? t('{0}: {1} after epoch {2}', label, format(last.y, 4), last.x) : label;
  });
  return [title, ...ends].join('. ');
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
