import { axisOf } from '../report/drawings/axis.ts';
import { horizontalGrid } from '../report/drawings/horizontalGrid.ts';
import { drawingArea } from '../report/drawings/drawingArea.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { logarithmicTicks } from '../report/drawings/logarithmicTicks.ts';
import { writeTick } from '../report/drawings/writeTick.ts';
import { formatBytes, formatCount, formatLoss, formatPercent, writerOfMilliseconds } from '../report/format.ts';
import type { Cost } from '../report/compareReports.ts';
import type { ComparedFigures, RunComparison } from './compareRuns.ts';
import type { Translate } from './comparisonTables.ts';
import { pointStyle } from './runStyle.ts';

const WIDTH = 640;
const HEIGHT = 300;
const MARGIN = { left: 72, right: 24, top: 16, bottom: 42 };

/** How much of the axis is kept free beside the outermost points, as a factor of the cost. */
const SPACE = 1.15;

/** The students' quality against what they cost, with a line through those that no other one beats. Null where a cost is not known. */
export function drawFront({ runs }: RunComparison, cost: Cost, t: Translate): Markup | null {
  if (runs.some((run) => !(run[cost] > 0))) return null;
  const hasAccuracy = runs.every(({ student }) => student.accuracy !== null);
  const qualityOf = ({ student }: ComparedFigures): number => (hasAccuracy ? (student.accuracy ?? NaN) : student.loss);
  const up = axisOf(runs.map(qualityOf), 5);
  const [low, high] = [
    Math.min(...runs.map((run) => run[cost])) / SPACE,
    Math.max(...runs.map((run) => run[cost])) * SPACE,
  ];
  const writeCost = writerOfCosts(
    cost,
    runs.map((run) => run[cost]),
  );
  const [left, right, bottom] = [MARGIN.left, WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const xAt = (x: number): number => rounded(left + (Math.log(x / low) / Math.log(high / low)) * (right - left));
  const yAt = (y: number): number => rounded(bottom - ((y - up.low) / (up.high - up.low)) * (bottom - MARGIN.top));
  const writeQuality = (value: number, decimals: number): string =>
    hasAccuracy ? formatPercent(value, Math.max(0, decimals - 2)) : formatLoss(value);
  const front = runs.filter((run) => run.front[cost]).toSorted((one, other) => one[cost] - other[cost]);
  // Students that are as good at the same cost lie on top of each other.
  const labels = new Map<string, number[]>();
  for (const [place, run] of runs.entries()) {
    const at = `${xAt(run[cost])} ${yAt(qualityOf(run))}`;
    labels.set(at, [...(labels.get(at) ?? []), place + 1]);
  }
  const title = hasAccuracy
    ? t('Test accuracy against {0}', costName(cost, t))
    : t('Test loss against {0}', costName(cost, t));
  const best = t('Not beaten by any other: {0}', front.map(({ label }) => label).join(', '));
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawingArea(
      title,
      html`<svg class="drawing wide" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}. ${best}">
        ${horizontalGrid(up.ticks, { left, right, yAt }, (tick) => writeQuality(tick, up.decimals))}
        ${logarithmicTicks(low, high).map(
          (tick) =>
            html`<line class="grid" x1="${xAt(tick)}" x2="${xAt(tick)}" y1="${bottom}" y2="${bottom + 4}" />
              <text x="${xAt(tick)}" y="${bottom + 17}" text-anchor="middle">${writeTick(writeCost(tick))}</text>`,
        )}
        <text x="${(left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${costName(cost, t)}</text>
        ${
          front.length > 1
            ? html`<polyline
                class="line front"
                points="${front.map((run) => `${xAt(run[cost])},${yAt(qualityOf(run))}`).join(' ')}"
              />`
            : null
        }
        ${runs.map((run, place) => {
          const [x, y] = [xAt(run[cost]), yAt(qualityOf(run))];
          return html`<circle style="${pointStyle(place)}" cx="${x}" cy="${y}" r="${run.front[cost] ? 6 : 4}">
            <title>${run.label}: ${writeQuality(qualityOf(run), 4)}, ${writeCost(run[cost])}</title>
          </circle>`;
        })}
        ${[...labels].map(([at, places]) => {
          const [x = 0, y = 0] = at.split(' ').map(Number);
          return html`<text class="label" x="${x + 8}" y="${y - 6}">${places.join(', ')}</text>`;
        })}
      </svg>`,
    )}
    <p class="faint">${best}</p>
  </figure>`;
}

function costName(cost: Cost, t: Translate): string {
  switch (cost) {
    case 'bytes':
      return t('file size');
    case 'macs':
      return t('multiply-accumulate operations');
    case 'latencyMs':
      return t('latency at batch 1');
  }
}

function writerOfCosts(cost: Cost, values: readonly number[]): (value: number) => string {
  switch (cost) {
    case 'bytes':
      return formatBytes;
    case 'macs':
      return formatCount;
    case 'latencyMs':
      return writerOfMilliseconds(values);
  }
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
