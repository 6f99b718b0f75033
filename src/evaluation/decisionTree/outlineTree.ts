import { formatInteger } from '../../report/format.ts';
import { ruleLines } from '../../report/drawings/decisionTree/decisionTexts.ts';
import { isDecisionTree, type TreeReport } from '../../report/trees/treeReport.ts';
import { outlineSoftTree } from '../softTree/outlineSoftTree.ts';

/**
 * The top of a tree as lines of text: its rules, or how many test samples go where.
 * @param levels of decisions that are written out
 */
export function outlineTree(tree: TreeReport, levels: number): readonly string[] {
  if (!isDecisionTree(tree)) return outlineSoftTree(tree, levels);
  const { leaves, samples } = tree;
  const head = `Decision tree: ${formatInteger(leaves)} leaves, ${formatInteger(samples)} test samples`;
  return [head, ...ruleLines(tree, levels)];
}
