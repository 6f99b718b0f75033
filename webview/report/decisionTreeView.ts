import type { DecisionTreePath, DecisionTreeReport } from '../../src/report/trees/decisionTreeReport.ts';
import { decisionPartsBelow } from '../../src/report/drawings/decisionTree/decisionNodes.ts';
import {
  decisionTurns,
  endOfDecisions,
  explainDecisions,
  nameOfDecisions,
  ruleLines,
} from '../../src/report/drawings/decisionTree/decisionTexts.ts';
import { drawDecisionTree } from '../../src/report/drawings/decisionTree/drawDecisionTree.ts';
import { dropdown } from '../components/dropdown.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { drawn } from './drawing.ts';
import { written } from './reportTexts.ts';

/** A student that is a decision tree: the tree, its rules, and the way of a sample that a person chooses. */
export function decisionTreeView(tree: DecisionTreeReport): HTMLElement {
  const drawing = element('div', { class: 'tree-parts' });
  const way = element('div', { class: 'way', 'data-testid': 'report.tree.way' });
  const show = (path: DecisionTreePath | undefined): void => {
    drawing.replaceChildren(...treeFrom(tree, 0, path?.nodes ?? []));
    way.replaceChildren(...(path ? [wayOf(tree, path)] : []));
  };
  const chooser = dropdown({
    testId: 'report.tree.sample',
    label: t('Sample whose way through the tree is shown'),
    choices: tree.paths.map((path, index) => ({ value: String(index), label: written(nameOfDecisions(path)) })),
    onChange: (index) => {
      show(tree.paths[Number(index)]);
    },
  });
  chooser.setValue('0');
  show(tree.paths[0]);
  return element(
    'details',
    { class: 'group', 'data-testid': 'report.tree', open: true },
    element('summary', {}, t('The tree')),
    element('p', {}, explainDecisions(tree).map(written).join(' ')),
    element('div', { class: 'tree-heading' }, ...(tree.paths.length > 0 ? [chooser.element] : [])),
    way,
    drawing,
    element(
      'details',
      { class: 'group', 'data-testid': 'report.tree.rules' },
      element('summary', {}, t('The rules as text')),
      element('pre', {}, ruleLines(tree).join('\n')),
    ),
  );
}

/** The drawing from `root` on, and what follows below it, to be folded out; open where the way goes on. */
function treeFrom(tree: DecisionTreeReport, root: number, way: readonly number[]): HTMLElement[] {
  const label = t('The tree from node {0} on', root);
  const drawing = drawn(drawDecisionTree(tree, root, { write: written, way }));
  return [
    element('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': label }, drawing),
    ...decisionPartsBelow(tree, root).map((part) => {
      const details = element('details', { class: 'group' }, element('summary', {}, written(part.title)));
      details.addEventListener(
        'toggle',
        () => {
          details.append(...treeFrom(tree, part.root, way));
        },
        { once: true },
      );
      details.open = way.includes(part.root);
      return details;
    }),
  ];
}

/** The decisions on the way of a sample, one after the other. */
function wayOf(tree: DecisionTreeReport, path: DecisionTreePath): HTMLElement {
  const turns = decisionTurns(tree, path).map(({ question, fact, isYes }) =>
    element(
      'li',
      {},
      element('strong', {}, question),
      element('span', {}, isYes ? t('yes') : t('no')),
      element('span', {}, fact),
    ),
  );
  const end = element('li', {}, element('strong', {}, endOfDecisions(tree, path)));
  return element('ol', { 'aria-label': written(nameOfDecisions(path)) }, ...turns, end);
}
