import { horizontalGrid } from '../../report/drawings/horizontalGrid.ts';
import type { AimName } from '../../experiment/schema/search.ts';
import { axisOf, type Axis } from '../../report/drawings/axis.ts';
import { drawingArea } from '../../report/drawings/drawingArea.ts';
import { html, type Markup } from '../../report/drawings/html.ts';
import { logarithmicTicks } from '../../report/drawings/logarithmicTicks.ts';
import { writeTick } from '../../report/drawings/writeTick.ts';
import type { SearchResult } from '../searchResult.ts';
import { linked, type TrialPage } from './trialPage.ts';
import { capitalized, titleOf, writeFigure } from './searchTable.ts';
import { trialStyle } from './trialStyle.ts';

const WIDTH = 640;
const HEIGHT = 340;
const MARGIN = { left: 76, right: 24, top: 16, bottom: 42 };

/** How much of a logarithmic axis is kept free beside the outermost points, as a factor. */
const SPACE = 1.25;

/** The first aim against the second, or against the file size, a point for each finished trial, with the line of the best. */
export function drawAims({ aims, trials }: SearchResult, page: TrialPage): Markup | null {
  const { t } = page;
  const vertical = aims[0]?.name ?? 'accuracy';
  const horizontal: AimName = aims[1]?.name ?? 'bytes';
  const points = trials.flatMap((trial) => {
    const [x, y] = [trial[horizontal], trial[vertical]];
    return trial.state === 'finished' && x !== null && y !== null && x > 0 ? [{ trial, x, y }] : [];
  });
  if (points.length < 2 || horizontal === vertical) return null;
  const [left, right, bottom] = [MARGIN.left, WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  // Sizes span powers of ten; accuracy and loss do not.
  const isLog = horizontal !== 'accuracy';
  const across = isLog
    ? logarithmicAxis(points.map(({ x }) => x))
    : axisOf(
        points.map(({ x }) => x),
        5,
      );
  const place = (x: number): number =>
    isLog
      ? Math.log(x / across.low) / Math.log(across.high / across.low)
      : (x - across.low) / (across.high - across.low);
  const up = axisOf(
    points.map(({ y }) => y),
    5,
  );
  const xAt = (x: number): number => rounded(left + place(x) * (right - left));
  const yAt = (y: number): number => rounded(bottom - ((y - up.low) / (up.high - up.low)) * (bottom - MARGIN.top));
  const title = t('{0} against {1}', titleOf(vertical, t), titleOf(horizontal, t));
  const front = points.filter(({ trial }) => trial.isOnFront).toSorted((one, other) => one.x - other.x);
  return html`<figure>
    <figcaption>${capitalized(title)}</figcaption>
    ${drawingArea(
      title,
      html`<svg
        class="drawing wide"
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        role="group"
        aria-label="${t('{0}; the numbers are in the table below', title)}"
      >
        ${horizontalGrid(up.ticks, { left, right, yAt }, (tick) => writeTick(writeFigure(vertical, tick)))}
        ${across.ticks.map(
          (tick) =>
            html`<line class="grid" x1="${xAt(tick)}" x2="${xAt(tick)}" y1="${bottom}" y2="${bottom + 4}" />
              <text x="${xAt(tick)}" y="${bottom + 17}" text-anchor="middle"
                >${writeTick(writeFigure(horizontal, tick))}</text
              >`,
        )}
        <text x="${(left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${titleOf(horizontal, t)}</text>
        ${front.length > 1 ? html`<polyline class="line front" points="${front.map(({ x, y }) => `${xAt(x)},${yAt(y)}`).join(' ')}" />` : null}
        ${points.map(({ trial, x, y }) => {
          const { style, radius, pointOpacity } = trialStyle(trial.isOnFront);
          return linked(
            trial,
            html`<circle class="${style}" cx="${xAt(x)}" cy="${yAt(y)}" r="${radius}" opacity="${pointOpacity}">
              <title>
                ${t('Trial {0}: {1}, {2}', trial.number, writeFigure(vertical, y), writeFigure(horizontal, x))}
              </title>
            </circle>`,
            page,
          );
        })}
      </svg>`,
    )}
  </figure>`;
}

/** An axis around values that span powers of ten, with a little room beside the outermost. */
function logarithmicAxis(values: readonly number[]): Pick<Axis, 'low' | 'high' | 'ticks'> {
  const [low, high] = [Math.min(...values) / SPACE, Math.max(...values) * SPACE];
  return { low, high, ticks: logarithmicTicks(low, high) };
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
