import { drawSoftTree, type FilterPictures } from '../../src/report/drawings/softTree/drawSoftTree.ts';
import { filterPixels, samplePixels, type Pixels } from '../../src/report/drawings/pixels.ts';
import { isOfImages, nameClasses, wayTo } from '../../src/report/drawings/softTree/nodes.ts';
import { partsBelow } from '../../src/report/drawings/softTree/partsBelow.ts';
import {
  directionOf,
  endOfWay,
  explainDrawing,
  leafTable,
  nameOfWay,
  nodeTable,
  turnsOf,
} from '../../src/report/drawings/softTree/softTreeTables.ts';
import type { SoftTreePath, SoftTreeReport } from '../../src/report/trees/softTreeReport.ts';
import { dropdown } from '../components/dropdown.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { drawn } from './drawing.ts';
import { written } from './reportTexts.ts';
import { tableToggle } from '../components/tableToggle.ts';
import { tableView } from './tableView.ts';

/** A student that is a soft decision tree: the tree with its filters, and the way of a sample that a person chooses. */
export function softTreeView(tree: SoftTreeReport): HTMLElement {
  const pictures = filterPictures(tree);
  const drawing = element('div', { class: 'tree-parts' });
  const way = element('div', { class: 'way', 'data-testid': 'report.tree.way' });
  const show = (path: SoftTreePath | undefined): void => {
    drawing.replaceChildren(...treeFrom(tree, 0, pictures, path?.leaf));
    way.replaceChildren(...(path ? wayOf(tree, path, pictures) : []));
  };
  const chooser = dropdown({
    testId: 'report.tree.sample',
    label: t('Sample whose way through the tree is shown'),
    choices: tree.paths.map((path, index) => ({ value: String(index), label: written(nameOfWay(tree, path)) })),
    onChange: (index) => {
      show(tree.paths[Number(index)]);
    },
  });
  chooser.setValue('0');
  show(tree.paths[0]);
  const tables = element(
    'div',
    { class: 'tables' },
    tableView(nodeTable(tree), t('Decisions of the tree')),
    tableView(leafTable(tree), t('Leaves of the tree')),
  );
  return element(
    'details',
    { class: 'group', 'data-testid': 'report.tree', open: true },
    element('summary', {}, t('The tree')),
    element(
      'p',
      {},
      explainDrawing(tree, pictures.size > 0)
        .map(written)
        .join(' '),
    ),
    element(
      'div',
      { class: 'tree-heading' },
      ...(tree.paths.length > 0 ? [chooser.element] : []),
      tableToggle('report.tree', t('The tree'), tables),
    ),
    way,
    drawing,
    tables,
  );
}

/** The drawing from `root` on, and what follows below it, to be folded out; open where the way goes on. */
function treeFrom(
  tree: SoftTreeReport,
  root: number,
  pictures: FilterPictures,
  leaf: number | undefined,
): HTMLElement[] {
  const marked = leaf === undefined ? [] : wayTo(tree, leaf);
  const drawing = drawSoftTree(tree, root, {
    pictures,
    write: written,
    ...(leaf !== undefined && { markedLeaf: leaf }),
  });
  const label = t('The tree from node {0} on', root);
  return [
    element('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': label }, drawn(drawing)),
    ...partsBelow(tree, root).map((part) => {
      const details = element('details', { class: 'group' }, element('summary', {}, written(part.title)));
      // Drawn when it is looked at: a deep tree has hundreds of filters.
      details.addEventListener(
        'toggle',
        () => {
          details.append(...treeFrom(tree, part.root, pictures, leaf));
        },
        { once: true },
      );
      details.open = marked.includes(part.root);
      return details;
    }),
  ];
}

/** The decisions on the way of a sample, one after the other. */
function wayOf(tree: SoftTreeReport, path: SoftTreePath, pictures: FilterPictures): HTMLElement[] {
  const sample = isOfImages(tree)
    ? [element('li', {}, picture(pictureOf(samplePixels(path.values, tree.sampleShape)), t('The sample')))]
    : [];
  const turns = turnsOf(tree, path).map((turn) => {
    const source = pictures.get(turn.node);
    return element(
      'li',
      {},
      ...(source === undefined ? [] : [picture(source, t('Filter of node {0}', turn.node))]),
      element('strong', {}, written(directionOf(turn))),
      element('span', {}, t('node {0}', turn.node)),
      ...(source === undefined ? turn.reasons.map((reason) => element('span', {}, reason)) : []),
    );
  });
  const end = element(
    'li',
    {},
    element('strong', {}, nameClasses(tree, tree.nodes.length + path.leaf, 1)),
    element('span', {}, written(endOfWay(path))),
  );
  return [element('ol', { 'aria-label': written(nameOfWay(tree, path)) }, ...sample, ...turns, end)];
}

function picture(source: string, title: string): HTMLElement {
  return element('img', { src: source, alt: title });
}

function filterPictures(tree: SoftTreeReport): FilterPictures {
  if (!isOfImages(tree)) return new Map();
  return new Map(
    tree.nodes.flatMap(({ weights }, node) =>
      weights ? [[node, pictureOf(filterPixels(weights, tree.sampleShape))] as const] : [],
    ),
  );
}

/** A picture as a data URI. */
function pictureOf({ width, height, colours }: Pixels): string {
  const canvas = element('canvas', { width, height });
  canvas.getContext('2d')?.putImageData(new ImageData(colours, width, height), 0, 0);
  return canvas.toDataURL();
}
