import { formatInteger, formatPercent } from '../../format.ts';
import type { SoftTreeReport } from '../../trees/softTreeReport.ts';
import { label } from '../../wording/reportText.ts';
import { html, type Markup } from '../html.ts';
import { shortenName } from '../shortenName.ts';
import type { Write } from '../write.ts';
import { childrenOf, depthOf, leadingClasses, leadingFeatures, leafAt, samplesAt, wayTo } from './nodes.ts';

/** Levels of inner nodes that one drawing shows. */
export const levelsOfDrawing = 4;

/** Filters as data URIs, by node; without one for trees whose samples are no images. */
export type FilterPictures = ReadonlyMap<number, string>;

export interface SoftTreeDrawing {
  readonly pictures: FilterPictures;
  readonly write: Write;
  /** The leaf to which the way is marked, if any. */
  readonly markedLeaf?: number;
}

const picture = 44;
const level = 104;
const lineHeight = 14;
const letterWidth = 7;
/** Letters of a name; the tables have it whole. */
const longestName = 12;
/** Lines of text below a node. */
const lines = 3;

/** Where a number of the tree stands in the drawing. */
interface Placed {
  readonly node: number;
  readonly x: number;
  readonly y: number;
}

/**
 * A part of a tree as SVG, which may be wider than the page: the inner nodes from `root` down, each with its filter or the numbers that it looks at most, and where
 * they lead. Lines are as thick as what goes along them.
 */
export function drawSoftTree(tree: SoftTreeReport, root: number, drawing: SoftTreeDrawing): Markup {
  const { pictures, write, markedLeaf } = drawing;
  const marked = new Set(markedLeaf === undefined ? [] : [...wayTo(tree, markedLeaf), tree.nodes.length + markedLeaf]);
  const levels = Math.min(levelsOfDrawing, tree.depth - depthOf(root));
  const box = pictures.size > 0 ? picture : widthOf(tree.features ?? ['x[000]'], 4);
  const column = Math.max(box + 10, widthOf(tree.classes, 6));
  const width = Math.max(6, 2 ** levels) * column;
  const rows = Array.from({ length: levels + 1 }, (_, row) =>
    Array.from({ length: 2 ** row }, (_, index): Placed => {
      const node = (root + 1) * 2 ** row - 1 + index;
      return { node, x: ((index + 0.5) / 2 ** row) * width, y: 4 + row * level };
    }),
  );
  const placed = new Map(rows.flat().map((place) => [place.node, place]));
  const total = Math.max(1, samplesAt(tree, root));
  const branches = rows.slice(0, -1).flatMap((row) =>
    row.flatMap(({ node, x, y }) =>
      childrenOf(node).map((child) => {
        const to = placed.get(child);
        const thickness = 0.75 + 5 * (samplesAt(tree, child) / total);
        return html`<line
          class="branch${marked.has(child) ? ' on-way' : ''}"
          x1="${x}"
          y1="${y + picture / 2}"
          x2="${to?.x ?? x}"
          y2="${to?.y ?? y}"
          stroke-width="${thickness.toFixed(2)}"
        />`;
      }),
    ),
  );
  const inner = rows.slice(0, -1).flat();
  const ends = rows.at(-1) ?? [];
  const height = levels * level + lineHeight * (lines + 1);
  return html`<svg
    class="drawing tree"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${write(
      label('{0} levels of decisions from node {1} on; the numbers are in the table below', `${levels}`, `${root}`),
    )}"
  >
    ${branches}
    ${inner.map((place) =>
      drawInner(tree, place, {
        box,
        source: pictures.get(place.node),
        write,
        isMarked: marked.has(place.node),
      }),
    )}
    ${ends.map((place) => drawEnd(tree, place, { write, isMarked: marked.has(place.node) }))}
  </svg>`;
}

interface Place {
  readonly write: Write;
  /** Whether it stands on the way that is marked. */
  readonly isMarked: boolean;
}

/** How wide a node is, and its filter. */
interface InnerPlace extends Place {
  readonly box: number;
  readonly source: string | undefined;
}

function drawInner(tree: SoftTreeReport, { node, x, y }: Placed, { box, source, write, isMarked }: InnerPlace): Markup {
  const described = tree.nodes[node];
  const samples = formatInteger(samplesAt(tree, node));
  const right = formatPercent(described?.right ?? 0, 0);
  const title = write(label('Node {0}: {1} samples, {2} go right', `${node}`, samples, right));
  if (source !== undefined) {
    return html`<g class="${isMarked ? 'on-way' : ''}">
      <title>${title}</title>
      <rect class="node" x="${x - picture / 2}" y="${y}" width="${picture}" height="${picture}" />
      <image href="${source}" x="${x - picture / 2}" y="${y}" width="${picture}" height="${picture}" />
      ${captionLines([samples], x, y + picture)}
    </g>`;
  }
  const features = described ? leadingFeatures(tree, described, lines) : [];
  return html`<g class="${isMarked ? 'on-way' : ''}">
    <title>${title}</title>
    <rect class="node" x="${x - box / 2}" y="${y}" width="${box}" height="${lines * lineHeight + 6}" />
    ${captionLines(
      features.map(({ name, weight }) => `${weight < 0 ? '−' : '+'} ${shortenName(name, longestName)}`),
      x,
      y,
    )}
    ${captionLines([samples], x, y + lines * lineHeight + 6)}
  </g>`;
}

/** A leaf with its classes, or in its place what a part of the tree that is not drawn leads to. */
function drawEnd(tree: SoftTreeReport, { node, x, y }: Placed, { write, isMarked }: Place): Markup {
  const leaf = leafAt(tree, node);
  const samples = formatInteger(samplesAt(tree, node));
  const classes = leadingClasses(tree, node, lines - 1);
  const title = write(
    leaf === undefined
      ? label('Node {0}: {1} samples', `${node}`, samples)
      : label('Leaf {0}: {1} samples', `${leaf}`, samples),
  );
  return html`<g class="${leaf === undefined ? 'more' : 'leaf'}${isMarked ? ' on-way' : ''}">
    <title>${title}</title>
    ${captionLines(
      [...classes.map(({ name, share }) => `${shortenName(name, longestName)}: ${formatPercent(share, 0)}`), samples],
      x,
      y,
    )}
  </g>`;
}

function captionLines(texts: readonly string[], x: number, y: number): readonly Markup[] {
  return texts.map(
    (text, index) => html`<text x="${x}" y="${y + (index + 1) * lineHeight}" text-anchor="middle">${text}</text>`,
  );
}

/** Room for the longest of some names and `more` letters beside it. */
function widthOf(names: readonly string[], more: number): number {
  return (
    letterWidth * (names.reduce((longest, name) => Math.max(longest, Math.min(name.length, longestName)), 0) + more)
  );
}
