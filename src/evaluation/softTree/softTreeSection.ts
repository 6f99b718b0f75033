import { formatInteger, formatPercent } from '../../protocol/format.ts';
import type { SoftTreePath, SoftTreeReport } from '../../protocol/softTreeReport.ts';
import { html, type Markup } from '../html.ts';
import { drawSoftTree, levelsOfDrawing, type FilterPictures } from './drawSoftTree.ts';
import {
  childrenOf,
  depthOf,
  isOfImages,
  leadingClasses,
  leadingFeatures,
  nameClasses,
  samplesAt,
  wayTo,
} from './nodes.ts';
import { filterPicture, samplePicture } from './pictures.ts';

/** The section of `report.html` on a student that is a soft decision tree: the tree, its table, and the ways of some samples. */
export async function softTreeSection(tree: SoftTreeReport): Promise<Markup> {
  const pictures = await filterPictures(tree);
  const samples = isOfImages(tree)
    ? await Promise.all(tree.paths.map(({ values }) => samplePicture(values, tree.sampleShape)))
    : [];
  return html`<h2>The tree</h2>
    <p>
      Every node decides by a weighted sum of the sample whether it goes to the left or to the right.
      ${
        pictures.size > 0
          ? 'Orange is what sends it to the right, blue what sends it to the left.'
          : 'It names the numbers that it looks at most: large ones send to the right where the sign is +, to the left where it is −.'
      }
      Counts are of test samples, each on the way to its likeliest leaf; lines are as thick as what goes along them.
      ${
        tree.predict === 'mean'
          ? 'What the tree says is the mean of all leaves by their probability.'
          : 'What the tree says is its likeliest leaf.'
      }
    </p>
    ${drawSoftTree(tree, 0, pictures)} ${partsBelow(tree, 0, pictures)} ${nodeTable(tree)} ${leafTable(tree)}
    <h2>Ways through the tree</h2>
    ${tree.paths.map((path, index) => wayOf(tree, path, { pictures, sample: samples[index] }))}`;
}

async function filterPictures(tree: SoftTreeReport): Promise<FilterPictures> {
  if (!isOfImages(tree)) return new Map();
  const drawn = tree.nodes.map(async ({ weights }, node) =>
    weights ? ([[node, await filterPicture(weights, tree.sampleShape)]] as const) : [],
  );
  return new Map((await Promise.all(drawn)).flat());
}

/** The parts of a deep tree that go on where a drawing ends, the most travelled first, each to be folded out. */
function partsBelow(tree: SoftTreeReport, root: number, pictures: FilterPictures): readonly Markup[] {
  if (tree.depth - depthOf(root) <= levelsOfDrawing) return [];
  const width = 2 ** levelsOfDrawing;
  const roots = Array.from({ length: width }, (_, index) => (root + 1) * width - 1 + index);
  return roots
    .sort((a, b) => samplesAt(tree, b) - samplesAt(tree, a))
    .map((node) => {
      const classes = leadingClasses(tree, node, 3).map(({ name }) => name);
      return html`<details>
        <summary>
          From node ${node} on: ${formatInteger(samplesAt(tree, node))} samples, most of ${classes.join(', ')}
        </summary>
        ${drawSoftTree(tree, node, pictures)} ${partsBelow(tree, node, pictures)}
      </details>`;
    });
}

function nodeTable(tree: SoftTreeReport): Markup {
  const heads = ['Node', 'Level', 'Samples', 'Go right', 'To the left', 'To the right', 'Looks most at'];
  return foldedTable(
    'The nodes as a table',
    heads,
    tree.nodes.map((node, index) => {
      const [left, right] = childrenOf(index).map((child) => nameClasses(tree, child, 3));
      const features = leadingFeatures(tree, node, 3).map(({ name, weight }) => `${weight < 0 ? '−' : '+'} ${name}`);
      return [
        String(index),
        String(depthOf(index)),
        formatInteger(node.samples),
        formatPercent(node.right, 1),
        left ?? '',
        right ?? '',
        features.join(', '),
      ];
    }),
  );
}

function leafTable(tree: SoftTreeReport): Markup {
  return foldedTable(
    'The leaves as a table',
    ['Leaf', 'Samples', 'Mean probability', 'Classes'],
    tree.leaves.map((leaf, index) => [
      String(index),
      formatInteger(leaf.samples),
      formatPercent(leaf.probability),
      nameClasses(tree, tree.nodes.length + index, 3),
    ]),
  );
}

function foldedTable(summary: string, head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<details>
    <summary>${summary}</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${head.map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([heading, ...cells]) =>
              html`<tr>
                <th scope="row">${heading ?? ''}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

interface WayPictures {
  readonly pictures: FilterPictures;
  readonly sample: string | undefined;
}

function wayOf(tree: SoftTreeReport, path: SoftTreePath, { pictures, sample }: WayPictures): Markup {
  const className = (index: number): string => tree.classes[index] ?? String(index);
  const title =
    path.label === path.predicted
      ? `Sample ${path.sample}: ${className(path.label)}, as the tree says`
      : `Sample ${path.sample}: ${className(path.label)}, but the tree says ${className(path.predicted)}`;
  const nodes = wayTo(tree, path.leaf);
  return html`<figure class="way">
    <figcaption>${title}</figcaption>
    <ol>
      ${sample === undefined ? null : html`<li><img src="${sample}" alt="The sample" /></li>`}
      ${nodes.map((node, index) => decision(tree, path, { node, index, source: pictures.get(node) }))}
      <li>
        leaf ${path.leaf}, reached with ${formatPercent(path.probability, 0)}<br />
        ${nameClasses(tree, tree.nodes.length + path.leaf, 3)}
      </li>
    </ol>
  </figure>`;
}

interface Decision {
  readonly node: number;
  /** Its place on the way. */
  readonly index: number;
  readonly source: string | undefined;
}

function decision(tree: SoftTreeReport, path: SoftTreePath, { node, index, source }: Decision): Markup {
  const right = path.right[index] ?? 0;
  const goesRight = path.leaf & (1 << (tree.depth - 1 - index));
  const direction = goesRight ? `right ${formatPercent(right, 0)}` : `left ${formatPercent(1 - right, 0)}`;
  return html`<li>
    ${source === undefined ? null : html`<img src="${source}" alt="Filter of node ${node}" /><br />`} node ${node}<br />
    ${direction} ${source === undefined ? html`<br />${strongestReasons(tree, path, node)}` : null}
  </li>`;
}

/** The numbers of a sample that move a decision most: weight times value. */
function strongestReasons(tree: SoftTreeReport, { values }: SoftTreePath, node: number): string {
  const weights = tree.nodes[node]?.weights?.map((weight, index) => weight * (values[index] ?? 0)) ?? null;
  return leadingFeatures(tree, { weights }, 3)
    .map(({ name, weight }) => `${name} ${weight < 0 ? '←' : '→'}`)
    .join(', ');
}
