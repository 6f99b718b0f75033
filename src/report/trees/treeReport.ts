import type { DecisionTreeReport } from './decisionTreeReport.ts';
import type { SoftTreeReport } from './softTreeReport.ts';

/** `tree.json`: a student that is a tree of either kind. */
export type TreeReport = SoftTreeReport | DecisionTreeReport;

/** Whether the tree is one of CART, not a soft one. */
export function isDecisionTree(tree: TreeReport): tree is DecisionTreeReport {
  return 'kind' in tree;
}
