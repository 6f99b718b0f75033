import type { Markup } from '../report/drawings/html.ts';
import { isDecisionTree, type TreeReport } from '../report/trees/treeReport.ts';
import { decisionTreeSection } from './decisionTreeSection.ts';
import type { ReportLanguage } from './reportLanguage.ts';
import { softTreeSection } from './softTreeSection.ts';

/** The section of `report.html` on a student that is a tree. */
export function treeSection(tree: TreeReport, language: ReportLanguage): Promise<Markup> {
  return isDecisionTree(tree) ? Promise.resolve(decisionTreeSection(tree, language)) : softTreeSection(tree, language);
}
