import { horizontalGrid } from './horizontalGrid.ts';
import { formatBytes, formatLoss, formatPercent } from '../format.ts';
import type { SizesFigure } from '../reportSection.ts';
import { label } from '../wording/reportText.ts';
import { networkLabels } from '../sections/networkLabels.ts';
import type { SizedNetwork } from '../sizedNetworks.ts';
import { axisOf } from './axis.ts';
import { html, type Markup } from './html.ts';
import { placeLabels } from './placeLabels.ts';
import { logarithmicTicks } from './logarithmicTicks.ts';
import type { Write } from './write.ts';
import { writeTick } from './writeTick.ts';

const WIDTH = 640;
const HEIGHT = 340;
const MARGIN = { left: 76, right: 24, top: 16, bottom: 42 };
/** Half the side of a point: of the run, and of others. */
const RADIUS = { run: 6.5, other: 4 };

/** Size against quality of networks, with the line of those that no other one beats; sizes on a logarithmic axis. */
export function sizesChart({ networks, measure, teacher }: SizesFigure, title: string, write: Write): Markup {
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const bottom = HEIGHT - MARGIN.bottom;
  const sizes = networks.map(({ bytes }) => bytes);
  const [low, high] = [Math.min(...sizes) / 1.3, Math.max(...sizes) * 1.3];
  const axis = axisOf([...networks.map(({ quality }) => quality), ...(teacher === null ? [] : [teacher])], 5);
  const xAt = (bytes: number): number =>
    rounded(left + (Math.log(bytes / low) / Math.log(high / low)) * (right - left));
  const yAt = (quality: number): number =>
    rounded(bottom - ((quality - axis.low) / (axis.high - axis.low)) * (bottom - MARGIN.top));
  const formatTick = (quality: number): string =>
    measure === 'accuracy' ? formatPercent(quality, Math.max(0, axis.decimals - 2)) : quality.toFixed(axis.decimals);
  const formatQuality = measure === 'accuracy' ? (share: number) => formatPercent(share) : formatLoss;
  const point = (network: SizedNetwork): Markup => {
    const { kind, standing, bytes, quality, experiment } = network;
    const said = `${experiment}, ${write(networkLabels[kind])}: ${formatBytes(bytes)}, ${formatQuality(quality)}`;
    return html`<path class="point of-${standing}" d="${shapeOf(network, xAt(bytes), yAt(quality))}">
      <title>${said}</title>
    </path>`;
  };
  const own = networks.filter(({ standing }) => standing === 'run');
  const ofTeacher =
    teacher === null
      ? undefined
      : {
          text: write(label('Teacher: {0}', formatQuality(teacher))),
          x: right,
          y: yAt(teacher) - 5,
          anchor: 'end' as const,
        };
  const labels = placeLabels(
    own.map(({ kind, bytes, quality }) => ({ text: write(networkLabels[kind]), x: xAt(bytes), y: yAt(quality) })),
    { left, right, top: MARGIN.top, bottom },
    ofTeacher ? [ofTeacher] : [],
  );
  return html`<svg
    class="drawing"
    width="${WIDTH}"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${write(label('{0}; the numbers are in the table below', title))}"
  >
    ${horizontalGrid(axis.ticks, { left, right, yAt }, formatTick)}
    ${logarithmicTicks(low, high).map(
      (tick) =>
        html`<line class="grid" x1="${xAt(tick)}" x2="${xAt(tick)}" y1="${bottom}" y2="${bottom + 4}" />
          <text x="${xAt(tick)}" y="${bottom + 17}" text-anchor="middle"> ${writeTick(formatBytes(tick))} </text>`,
    )}
    <text x="${(left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${write(label('File size'))}</text>
    <text
      x="14"
      y="${(MARGIN.top + bottom) / 2}"
      text-anchor="middle"
      transform="rotate(-90 14 ${(MARGIN.top + bottom) / 2})"
    >
      ${write(measure === 'accuracy' ? label('Test accuracy') : label('Mean squared error'))}
    </text>
    ${
      teacher === null
        ? null
        : html`<line class="line style-5" x1="${left}" x2="${right}" y1="${yAt(teacher)}" y2="${yAt(teacher)}" />`
    }
    <polyline class="line front" points="${frontOf(networks, xAt, yAt)}" />
    ${networks.filter(({ standing }) => standing !== 'run').map(point)} ${own.map(point)}
    ${[...(ofTeacher ? [ofTeacher] : []), ...labels].map(
      ({ text, x, y, anchor }) => html`<text class="label" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`,
    )}
  </svg>`;
}

/** The front as steps: what can be had up to a size is what the best network up to it reaches. */
function frontOf(
  networks: readonly SizedNetwork[],
  xAt: (bytes: number) => number,
  yAt: (quality: number) => number,
): string {
  const front = networks.filter(({ isOnFront }) => isOnFront);
  const corners = front.flatMap(({ bytes, quality }, index) => {
    const before = front[index - 1];
    const here = `${xAt(bytes)},${yAt(quality)}`;
    return before ? [`${xAt(bytes)},${yAt(before.quality)}`, here] : [here];
  });
  const last = front.at(-1);
  return [...corners, ...(last ? [`${WIDTH - MARGIN.right},${yAt(last.quality)}`] : [])].join(' ');
}

/** A circle for a student, a square for a baseline, a triangle for what was quantised, a diamond for what was pruned. */
function shapeOf({ kind, standing }: SizedNetwork, x: number, y: number): string {
  const radius = standing === 'run' ? RADIUS.run : RADIUS.other;
  switch (kind) {
    case 'student':
      return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
    case 'baseline':
      return `M${rounded(x - radius)} ${rounded(y - radius)}h${2 * radius}v${2 * radius}h${-2 * radius}Z`;
    case 'static-int8':
    case 'dynamic-int8':
    case 'aware-int8':
    case 'float16':
    case 'int4':
      return `M${x} ${rounded(y - radius * 1.2)}L${rounded(x + radius * 1.15)} ${rounded(y + radius)}H${rounded(x - radius * 1.15)}Z`;
    case 'pruned': {
      const reach = radius * 1.3;
      return `M${x} ${rounded(y - reach)}L${rounded(x + reach)} ${y}L${x} ${rounded(y + reach)}L${rounded(x - reach)} ${y}Z`;
    }
  }
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
