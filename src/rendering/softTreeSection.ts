import { drawSoftTree, type FilterPictures } from '../report/drawings/softTree/drawSoftTree.ts';
import { html, type Markup } from '../report/drawings/html.ts';
import { isOfImages, nameClasses } from '../report/drawings/softTree/nodes.ts';
import { partsBelow } from '../report/drawings/softTree/partsBelow.ts';
import { filterPixels, samplePixels } from '../report/drawings/pixels.ts';
import {
  directionOf,
  endOfWay,
  explainDrawing,
  leafTable,
  nameOfWay,
  nodeTable,
  turnsOf,
  type Turn,
} from '../report/drawings/softTree/softTreeTables.ts';
import { writtenTable, type SectionTable } from '../report/reportSection.ts';
import type { SoftTreePath, SoftTreeReport } from '../report/trees/softTreeReport.ts';
import { htmlTable } from './htmlTable.ts';
import { english, type ReportLanguage } from './reportLanguage.ts';
import { pngOf } from '../evaluation/pictures.ts';

/** The section of `report.html` on a student that is a soft decision tree: the tree, its table, and the ways of some samples. */
export async function softTreeSection(tree: SoftTreeReport, language: ReportLanguage = english): Promise<Markup> {
  const { t, write } = language;
  const pictures = await filterPictures(tree);
  const samples = isOfImages(tree)
    ? await Promise.all(tree.paths.map(({ values }) => pngOf(samplePixels(values, tree.sampleShape))))
    : [];
  return html`<h2>${t('The tree')}</h2>
    <p>
      ${explainDrawing(tree, pictures.size > 0)
        .map(write)
        .join(' ')}
    </p>
    ${drawing(tree, 0, pictures, language)} ${foldedTable(t('The nodes as a table'), nodeTable(tree), write)}
    ${foldedTable(t('The leaves as a table'), leafTable(tree), write)}
    <h2>${t('Ways through the tree')}</h2>
    ${tree.paths.map((path, index) => wayOf(tree, path, { pictures, sample: samples[index] }, language))}`;
}

async function filterPictures(tree: SoftTreeReport): Promise<FilterPictures> {
  if (!isOfImages(tree)) return new Map();
  const drawn = tree.nodes.map(async ({ weights }, node) =>
    weights ? ([[node, await pngOf(filterPixels(weights, tree.sampleShape))]] as const) : [],
  );
  return new Map((await Promise.all(drawn)).flat());
}

/** A part of the tree, and what follows it, to be folded out. */
function drawing(tree: SoftTreeReport, root: number, pictures: FilterPictures, language: ReportLanguage): Markup {
  const { write } = language;
  return html`<div class="scroll">${drawSoftTree(tree, root, { pictures, write })}</div>
    ${partsBelow(tree, root).map(
      (part) =>
        html`<details>
          <summary>${write(part.title)}</summary>
          ${drawing(tree, part.root, pictures, language)}
        </details>`,
    )}`;
}

function foldedTable(summary: string, table: SectionTable, write: ReportLanguage['write']): Markup {
  return html`<details>
    <summary>${summary}</summary>
    ${htmlTable(summary, writtenTable(table, write))}
  </details>`;
}

interface WayPictures {
  readonly pictures: FilterPictures;
  readonly sample: string | undefined;
}

function wayOf(
  tree: SoftTreeReport,
  path: SoftTreePath,
  { pictures, sample }: WayPictures,
  language: ReportLanguage,
): Markup {
  const { t, write } = language;
  return html`<figure class="way">
    <figcaption>${write(nameOfWay(tree, path))}</figcaption>
    <ol>
      ${sample === undefined ? null : html`<li><img src="${sample}" alt="${t('The sample')}" /></li>`}
      ${turnsOf(tree, path).map((turn) => decision(turn, pictures.get(turn.node), language))}
      <li>
        ${write(endOfWay(path))}<br />
        ${nameClasses(tree, tree.nodes.length + path.leaf, 3)}
      </li>
    </ol>
  </figure>`;
}

function decision(turn: Turn, source: string | undefined, { t, write }: ReportLanguage): Markup {
  const { node, reasons } = turn;
  return html`<li>
    ${source === undefined ? null : html`<img src="${source}" alt="${t('Filter of node {0}', node)}" /><br />`}
    ${t('node {0}', node)}<br />
    ${write(directionOf(turn))} ${source === undefined ? html`<br />${reasons.join(', ')}` : null}
  </li>`;
}
