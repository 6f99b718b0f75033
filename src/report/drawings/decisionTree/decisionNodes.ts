import type { DecisionTreeNode, DecisionTreeReport } from '../../trees/decisionTreeReport.ts';
import { formatInteger, formatPercent } from '../../format.ts';
import { label, type LabelledText } from '../../wording/reportText.ts';

/** Levels of decisions that one drawing shows. */
export const levelsOfDrawing = 4;

/** A node with its number. */
export interface NumberedNode extends DecisionTreeNode {
  readonly node: number;
}

/** @throws RangeError when there is no such node, which the schema of `tree.json` rules out */
export function nodeAt({ nodes }: DecisionTreeReport, node: number): NumberedNode {
  const found = nodes[node];
  if (!found) throw new RangeError(`There is no node ${node}.`);
  return { node, ...found };
}

/** The nodes right below, the one for yes first; none below a leaf. */
export function nodesBelow(tree: DecisionTreeReport, { question, yes, no }: DecisionTreeNode): readonly NumberedNode[] {
  return question === null ? [] : [nodeAt(tree, yes), nodeAt(tree, no)];
}

/** What a node says, in a few words: the likeliest classes with their shares, or the numbers. */
export function sayingsOf(tree: DecisionTreeReport, { values }: DecisionTreeNode, most: number): readonly string[] {
  if (tree.classes.length === 0) {
    return values.slice(0, most).map((value, index) => {
      const name = tree.targets[index];
      const number = Number(value.toPrecision(4)).toString();
      return name === undefined ? number : `${name}: ${number}`;
    });
  }
  return tree.classes
    .map((name, index) => ({ name, share: values[index] ?? 0 }))
    .sort((one, other) => other.share - one.share)
    .filter(({ share }, index) => index === 0 || share >= 0.1)
    .slice(0, most)
    .map(({ name, share }) => `${name}: ${formatPercent(share, 0)}`);
}

/** A part of a tree that has a drawing of its own. */
export interface DecisionTreePart {
  readonly root: number;
  readonly title: LabelledText;
}

/** The parts of a deep tree that go on where the drawing from `root` ends, those that most samples come to first. */
export function decisionPartsBelow(tree: DecisionTreeReport, root: number): readonly DecisionTreePart[] {
  return endsBelow(tree, nodeAt(tree, root), levelsOfDrawing)
    .filter(({ question }) => question !== null)
    .toSorted((one, other) => other.samples - one.samples)
    .map((end) => {
      const says = sayingsOf(tree, end, 3).join(', ');
      return {
        root: end.node,
        title: label('From node {0} on: {1} samples; {2}', `${end.node}`, formatInteger(end.samples), says),
      };
    });
}

function endsBelow(tree: DecisionTreeReport, node: NumberedNode, levels: number): readonly NumberedNode[] {
  const below = levels === 0 ? [] : nodesBelow(tree, node);
  return below.length === 0 ? [node] : below.flatMap((each) => endsBelow(tree, each, levels - 1));
}
