import type { ReliabilityBin } from '../quality.ts';
import { formatPercent } from '../format.ts';
import { label } from '../wording/reportText.ts';
import { html, type Markup } from './html.ts';
import type { Write } from './write.ts';

const SIZE = 300;
const MARGIN = { left: 68, right: 24, top: 10, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** A reliability diagram: how often decisions are right, by how sure they were; the wider a bar, the more decisions. */
export function reliabilityChart(bins: readonly ReliabilityBin[], title: string, write: Write): Markup {
  const [left, right] = [MARGIN.left, MARGIN.left + SIZE];
  const [top, bottom] = [MARGIN.top, MARGIN.top + SIZE];
  const xAt = (share: number): number => rounded(left + share * SIZE);
  const yAt = (share: number): number => rounded(bottom - share * SIZE);
  const most = Math.max(1, ...bins.map(({ decisions }) => decisions));
  return html`<svg
    class="drawing"
    width="${right + MARGIN.right}"
    viewBox="0 0 ${right + MARGIN.right} ${bottom + MARGIN.bottom}"
    role="img"
    aria-label="${write(label('{0}; the numbers are in the table below', title))}"
  >
    ${TICKS.map(
      (tick) =>
        html`<line class="grid" x1="${left}" x2="${right}" y1="${yAt(tick)}" y2="${yAt(tick)}" />
          <text x="${left - 6}" y="${yAt(tick)}" text-anchor="end" dominant-baseline="middle">
            ${formatPercent(tick, 0)}
          </text>
          <text x="${xAt(tick)}" y="${bottom + 16}" text-anchor="middle">${formatPercent(tick, 0)}</text>`,
    )}
    ${bins.map(({ decisions, accuracy }, index) => {
      if (accuracy === null) return null;
      const slot = SIZE / bins.length;
      const width = slot * (0.25 + 0.7 * Math.sqrt(decisions / most));
      const x = left + slot * (index + 0.5) - width / 2;
      const height = Math.max(1, accuracy * SIZE);
      return html`<rect
        class="bar"
        x="${rounded(x)}"
        y="${rounded(bottom - height)}"
        width="${rounded(width)}"
        height="${rounded(height)}"
      />`;
    })}
    <line class="line style-5" x1="${xAt(0)}" y1="${yAt(0)}" x2="${xAt(1)}" y2="${yAt(1)}" />
    <text x="${(left + right) / 2}" y="${bottom + 34}" text-anchor="middle">${write(label('Confidence'))}</text>
    <text x="12" y="${(top + bottom) / 2}" text-anchor="middle" transform="rotate(-90 12 ${(top + bottom) / 2})">
      ${write(label('Right'))}
    </text>
  </svg>`;
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
