import { formatInteger } from '../../format.ts';
import { label, type LabelledText } from '../../wording/reportText.ts';
import type { SoftTreeReport } from '../../trees/softTreeReport.ts';
import { levelsOfDrawing } from './drawSoftTree.ts';
import { depthOf, leadingClasses, samplesAt } from './nodes.ts';

/** A part of a tree that has a drawing of its own. */
export interface TreePart {
  readonly root: number;
  readonly title: LabelledText;
}

/** The parts of a deep tree that go on where the drawing from `root` ends, the most travelled first. */
export function partsBelow(tree: SoftTreeReport, root: number): readonly TreePart[] {
  if (tree.depth - depthOf(root) <= levelsOfDrawing) return [];
  const width = 2 ** levelsOfDrawing;
  return Array.from({ length: width }, (_, index) => (root + 1) * width - 1 + index)
    .sort((a, b) => samplesAt(tree, b) - samplesAt(tree, a))
    .map((node) => {
      const classes = leadingClasses(tree, node, 3).map(({ name }) => name);
      const samples = formatInteger(samplesAt(tree, node));
      return {
        root: node,
        title: label('From node {0} on: {1} samples, most of {2}', `${node}`, samples, classes.join(', ')),
      };
    });
}
