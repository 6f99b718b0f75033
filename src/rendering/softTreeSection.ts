import { drawSoftTree, type FilterPictures } from '../../drawings/softTree/drawSoftTree.ts';
import { html, type Markup } from '../../drawings/html.ts';
import { isOfImages, nameClasses } from '../../drawings/softTree/nodes.ts';
import { partsBelow } from '../../drawings/softTree/partsBelow.ts';
import { filterPixels, samplePixels } from '../../drawings/pixels.ts';
import {
  directionOf,
  endOfWay,
  explainDrawing,
  leafTable,
  nameOfWay,
  nodeTable,
  turnsOf,
  type Turn,
} from '../../drawings/softTree/softTreeTables.ts';
import { writtenTable, type SectionTable } from '../../protocol/reportSection.ts';
import { inEnglish } from '../../protocol/reportText.ts';
import type { SoftTreePath, SoftTreeReport } from '../../protocol/softTreeReport.ts';
import { htmlTable } from '../htmlTable.ts';
import { pngOf } from '../pictures.ts';

/** The section of `report.html` on a student that is a soft decision tree: the tree, its table, and the ways of some samples. */
export async function softTreeSection(tree: SoftTreeReport): Promise<Markup> {
  const pictures = await filterPictures(tree);
  const samples = isOfImages(tree)
    ? await Promise.all(tree.paths.map(({ values }) => pngOf(samplePixels(values, tree.sampleShape))))
    : [];
  return html`<h2>The tree</h2>
    <p>
      ${explainDrawing(tree, pictures.size > 0)
        .map(inEnglish)
        .join(' ')}
    </p>
    ${drawing(tree, 0, pictures)} ${foldedTable('The nodes as a table', nodeTable(tree))}
    ${foldedTable('The leaves as a table', leafTable(tree))}
    <h2>Ways through the tree</h2>
    ${tree.paths.map((path, index) => wayOf(tree, path, { pictures, sample: samples[index] }))}`;
}

async function filterPictures(tree: SoftTreeReport): Promise<FilterPictures> {
  if (!isOfImages(tree)) return new Map();
  const drawn = tree.nodes.map(async ({ weights }, node) =>
    weights ? ([[node, await pngOf(filterPixels(weights, tree.sampleShape))]] as const) : [],
  );
  return new Map((await Promise.all(drawn)).flat());
}

/** A part of the tree, and what follows it, to be folded out. */
function drawing(tree: SoftTreeReport, root: number, pictures: FilterPictures): Markup {
  return html`<div class="scroll">${drawSoftTree(tree, root, { pictures, write: inEnglish })}</div>
    ${partsBelow(tree, root).map(
      (part) =>
        html`<details>
          <summary>${inEnglish(part.title)}</summary>
          ${drawing(tree, part.root, pictures)}
        </details>`,
    )}`;
}

function foldedTable(summary: string, table: SectionTable): Markup {
  return html`<details>
    <summary>${summary}</summary>
    ${htmlTable(writtenTable(table))}
  </details>`;
}

interface WayPictures {
  readonly pictures: FilterPictures;
  readonly sample: string | undefined;
}

function wayOf(tree: SoftTreeReport, path: SoftTreePath, { pictures, sample }: WayPictures): Markup {
  return html`<figure class="way">
    <figcaption>${inEnglish(nameOfWay(tree, path))}</figcaption>
    <ol>
      ${sample === undefined ? null : html`<li><img src="${sample}" alt="The sample" /></li>`}
      ${turnsOf(tree, path).map((turn) => decision(turn, pictures.get(turn.node)))}
      <li>
        ${inEnglish(endOfWay(path))}<br />
        ${nameClasses(tree, tree.nodes.length + path.leaf, 3)}
      </li>
    </ol>
  </figure>`;
}

function decision(turn: Turn, source: string | undefined): Markup {
  const { node, reasons } = turn;
  return html`<li>
    ${source === undefined ? null : html`<img src="${source}" alt="Filter of node ${node}" /><br />`} node ${node}<br />
    ${inEnglish(directionOf(turn))} ${source === undefined ? html`<br />${reasons.join(', ')}` : null}
  </li>`;
}
