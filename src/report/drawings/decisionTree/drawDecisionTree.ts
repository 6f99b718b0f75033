import type { DecisionTreeReport } from '../../trees/decisionTreeReport.ts';
import { formatInteger } from '../../format.ts';
import { label } from '../../wording/reportText.ts';
import { html, type Markup } from '../html.ts';
import { shortenName } from '../shortenName.ts';
import type { Write } from '../write.ts';
import { levelsOfDrawing, nodeAt, nodesBelow, sayingsOf, type NumberedNode } from './decisionNodes.ts';

export interface DecisionTreeDrawing {
  readonly write: Write;
  /** Nodes on the way of a sample, which are marked. */
  readonly way?: readonly number[] | undefined;
}

const level = 92;
const lineHeight = 14;
const letterWidth = 6.6;
const boxHeight = 22;
/** Letters of a question and of what a leaf says; the rules have them whole. */
const longest = 24;
/** Lines of what a leaf says. */
const lines = 3;
const gap = 14;

/** A node, and where it stands in the drawing. */
interface Placed extends NumberedNode {
  readonly x: number;
  readonly y: number;
  /** What is drawn below it; nothing where it ends, or the drawing does. */
  readonly below: readonly Placed[];
}

/**
 * A part of a decision tree as SVG, which may be wider than the page: the questions from `root` down, yes to the left and no to the right, and
 * what the leaves say. Lines are as thick as what goes along them.
 */
export function drawDecisionTree(
  tree: DecisionTreeReport,
  root: number,
  { write, way = [] }: DecisionTreeDrawing,
): Markup {
  const place = layOut(tree);
  const placed = place(nodeAt(tree, root), levelsOfDrawing, 0);
  const all = [...within(placed.node)];
  const deepest = all.reduce((most, { y }) => Math.max(most, y), 0);
  const width = Math.max(placed.width, 160);
  const height = deepest + lineHeight * (lines + 2) + boxHeight;
  const marked = new Set(way);
  const total = Math.max(1, placed.node.samples);
  return html`<svg
    class="drawing tree"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${write(label('The decisions from node {0} on; the rules are in the text below', `${root}`))}"
  >
    ${all.flatMap((node) => node.below.map((child) => branch(node, child, { total, isMarked: marked.has(child.node) })))}
    ${all.map((node) => drawNode(tree, node, { write, isMarked: marked.has(node.node) }))}
    ${all.flatMap(({ x, y, below }) =>
      below.map(
        (child, index) =>
          html`<text x="${(x + child.x) / 2}" y="${y + (level + boxHeight) / 2}" text-anchor="middle">
            ${write(index === 0 ? label('yes') : label('no'))}
          </text>`,
      ),
    )}
  </svg>`;
}

/** Places nodes so that what stands side by side has room, and every node stands above the middle of what follows it. */
function layOut(tree: DecisionTreeReport) {
  let edge = 0;
  const place = (node: NumberedNode, levels: number, depth: number): Placed => {
    const y = 4 + depth * level;
    const below = levels === 0 ? [] : nodesBelow(tree, node).map((each) => place(each, levels - 1, depth + 1));
    const [left, right] = [below[0], below.at(-1)];
    if (left && right) return { ...node, x: (left.x + right.x) / 2, y, below };
    const room = roomFor(tree, node);
    const x = edge + room / 2;
    edge += room + gap;
    return { ...node, x, y, below };
  };
  return (node: NumberedNode, levels: number, depth: number) => {
    const first = place(node, levels, depth);
    // A question may be wider than what stands below it.
    const reach = [...within(first)].map(({ x, question }) => x + widthOf(question ?? '') / 2);
    const over = [...within(first)].map(({ x, question }) => widthOf(question ?? '') / 2 - x);
    const shift = Math.max(0, ...over);
    return { node: shifted(first, shift), width: Math.max(edge, ...reach) + shift };
  };
}

function shifted(node: Placed, by: number): Placed {
  return { ...node, x: node.x + by, below: node.below.map((each) => shifted(each, by)) };
}

function* within(node: Placed): Generator<Placed> {
  yield node;
  for (const each of node.below) yield* within(each);
}

function roomFor(tree: DecisionTreeReport, node: NumberedNode): number {
  const texts = [node.question ?? '', ...sayingsOf(tree, node, lines)];
  return Math.max(...texts.map(widthOf));
}

function widthOf(text: string): number {
  return (Math.min(text.length, longest) + 2) * letterWidth;
}

function branch(
  from: Placed,
  to: Placed,
  { total, isMarked }: { readonly total: number; readonly isMarked: boolean },
): Markup {
  const thickness = 0.75 + 5 * (to.samples / total);
  return html`<line
    class="branch${isMarked ? ' on-way' : ''}"
    x1="${from.x}"
    y1="${from.y + boxHeight}"
    x2="${to.x}"
    y2="${to.y}"
    stroke-width="${thickness.toFixed(2)}"
  />`;
}

function drawNode(
  tree: DecisionTreeReport,
  node: Placed,
  { write, isMarked }: { readonly write: Write; readonly isMarked: boolean },
): Markup {
  const { question, x, y, below } = node;
  const samples = formatInteger(node.samples);
  const sayings = sayingsOf(tree, node, lines).map((each) => shortenName(each, longest));
  const isLeaf = question === null;
  const title = write(
    isLeaf
      ? label('Leaf {0}: {1} samples', `${node.node}`, samples)
      : label('Node {0}: {1} samples', `${node.node}`, samples),
  );
  const box = isLeaf
    ? null
    : html`<rect
          class="node"
          x="${x - widthOf(question) / 2}"
          y="${y}"
          width="${widthOf(question)}"
          height="${boxHeight}"
        /><text x="${x}" y="${y + 15}" text-anchor="middle">${shortenName(question, longest)}</text>`;
  const caption = below.length > 0 ? [] : [...sayings, ...(isLeaf ? [] : ['…']), samples];
  const top = isLeaf ? y : y + boxHeight;
  return html`<g class="${isLeaf ? 'leaf' : 'more'}${isMarked ? ' on-way' : ''}">
    <title>${title}</title>
    ${box}
    ${caption.map(
      (text, index) => html`<text x="${x}" y="${top + (index + 1) * lineHeight}" text-anchor="middle">${text}</text>`,
    )}
  </g>`;
}
