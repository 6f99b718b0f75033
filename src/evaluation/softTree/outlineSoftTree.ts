import { formatInteger } from '../../report/format.ts';
import type { SoftTreeReport } from '../../report/trees/softTreeReport.ts';
import {
  childrenOf,
  depthOf,
  isOfImages,
  leadingFeatures,
  leafAt,
  nameClasses,
  samplesAt,
} from '../../report/drawings/softTree/nodes.ts';

/**
 * The top of a tree as lines of text: how many test samples go where, and what they are.
 * @param levels of decisions that are written out
 */
export function outlineSoftTree(tree: SoftTreeReport, levels: number): readonly string[] {
  const head = `Soft decision tree: ${tree.nodes.length} decisions, ${tree.leaves.length} leaves, ${formatInteger(tree.samples)} test samples`;
  return [`${head}${lookedAt(tree, 0)}`, ...below(tree, 0, levels, '')];
}

function below(tree: SoftTreeReport, node: number, levels: number, indent: string): readonly string[] {
  if (levels === 0 || leafAt(tree, node) !== undefined) return [];
  return childrenOf(node).flatMap((child, index) => {
    const [tick, bar] = index === 0 ? ['├─ left ', '│  '] : ['└─ right', '   '];
    const more = depthOf(child) < tree.depth && levels > 1 ? lookedAt(tree, child) : '';
    return [
      `${indent}${tick} ${formatInteger(samplesAt(tree, child))}: ${nameClasses(tree, child, 4)}${more}`,
      ...below(tree, child, levels - 1, indent + bar),
    ];
  });
}

/** What a node of a tree for tables decides by; single pixels of images say nothing. */
function lookedAt(tree: SoftTreeReport, node: number): string {
  const described = tree.nodes[node];
  if (!described || isOfImages(tree)) return '';
  const features = leadingFeatures(tree, described, 3).map(({ name, weight }) => `${weight < 0 ? '−' : '+'} ${name}`);
  return features.length === 0 ? '' : `; by ${features.join(', ')}`;
}
