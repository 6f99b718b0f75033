import { formatPercent } from '../../format.ts';
import type { SoftTreeLeaf, SoftTreeNode, SoftTreeReport } from '../../trees/softTreeReport.ts';

/** The children of a node, or of what stands in its place in the numbering. Leaves follow the inner nodes. */
export function childrenOf(node: number): readonly [left: number, right: number] {
  return [2 * node + 1, 2 * node + 2];
}

/** Decisions between the root and a node. */
export function depthOf(node: number): number {
  return Math.floor(Math.log2(node + 1));
}

/** The number of the leaf that a number stands for; undefined for an inner node. */
export function leafAt({ leaves }: Pick<SoftTreeReport, 'leaves'>, node: number): number | undefined {
  const leaf = node - (leaves.length - 1);
  return leaf >= 0 ? leaf : undefined;
}

/** The leaves under a node, or the leaf itself, from left to right. */
export function leavesBelow({ leaves }: Pick<SoftTreeReport, 'leaves'>, node: number): readonly SoftTreeLeaf[] {
  const depth = depthOf(node);
  const width = leaves.length / 2 ** depth;
  const first = (node - (2 ** depth - 1)) * width;
  return leaves.slice(first, first + width);
}

/** Test samples whose likeliest leaf is a node or lies below. */
export function samplesAt(tree: SoftTreeReport, node: number): number {
  return leavesBelow(tree, node).reduce((sum, leaf) => sum + leaf.samples, 0);
}

/** A class and its share of what comes to a node. */
export interface ClassShare {
  readonly name: string;
  readonly share: number;
}

/** The classes that a node leads to, the likeliest first: the mean of the leaves below, by what comes to each. */
export function classesAt(tree: SoftTreeReport, node: number): readonly ClassShare[] {
  const below = leavesBelow(tree, node);
  const total = below.reduce((sum, { probability }) => sum + probability, 0);
  const weightOf = ({ probability }: SoftTreeLeaf): number => (total > 0 ? probability / total : 1 / below.length);
  return tree.classes
    .map((name, index) => ({
      name,
      share: below.reduce((sum, leaf) => sum + weightOf(leaf) * (leaf.distribution[index] ?? 0), 0),
    }))
    .sort((a, b) => b.share - a.share);
}

/** The classes worth naming: the likeliest, and others of at least a tenth. */
export function leadingClasses(tree: SoftTreeReport, node: number, most: number): readonly ClassShare[] {
  return classesAt(tree, node)
    .filter(({ share }, index) => index === 0 || share >= 0.1)
    .slice(0, most);
}

/** `leadingClasses`, written out. */
export function nameClasses(tree: SoftTreeReport, node: number, most: number): string {
  return leadingClasses(tree, node, most)
    .map(({ name, share }) => `${name} (${formatPercent(share, 0)})`)
    .join(', ');
}

/** The inner nodes on the way to a leaf, from the root on. */
export function wayTo(tree: Pick<SoftTreeReport, 'leaves'>, leaf: number): readonly number[] {
  const way: number[] = [];
  for (let node = tree.leaves.length - 1 + leaf; node > 0;) {
    node = (node - 1) >> 1;
    way.unshift(node);
  }
  return way;
}

/** A number of a sample and how it counts. */
export interface FeatureWeight {
  readonly name: string;
  readonly weight: number;
}

/** The numbers of a sample that a node looks at most; a positive weight sends to the right. */
export function leadingFeatures(
  { features }: Pick<SoftTreeReport, 'features'>,
  { weights }: Pick<SoftTreeNode, 'weights'>,
  most: number,
): readonly FeatureWeight[] {
  return (weights ?? [])
    .map((weight, index) => ({ name: features?.[index] ?? `x[${index}]`, weight }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, most);
}

/** Whether samples are images [channels, height, width], as filters then are. */
export function isOfImages({ sampleShape }: Pick<SoftTreeReport, 'sampleShape'>): boolean {
  const [, height = 1, width = 1] = sampleShape;
  return sampleShape.length === 3 && height > 1 && width > 1;
}
