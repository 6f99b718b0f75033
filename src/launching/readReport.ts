import { join } from 'node:path';
import type { Report } from '../report/report.ts';
import { reportSchema } from '../report/reportSchema.ts';
import { isDecisionTree, type TreeReport } from '../report/trees/treeReport.ts';
import { treeReportSchema } from '../report/trees/treeReportSchema.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { readJson } from './readJson.ts';

/** The report of the run in `folder`; undefined when it has none. */
export async function readReport(folder: string): Promise<Report | undefined> {
  const parsed = reportSchema.safeParse(await readJson(join(folder, runFiles.report)));
  return parsed.success ? parsed.data : undefined;
}

/** Filters with more weights than this, all together, are not shown: they would take long to reach the panel. */
const MOST_WEIGHTS = 1_000_000;

/** The tree of the run in `folder`; undefined when its student is none. Very long filters are left out. */
export async function readTree(folder: string): Promise<TreeReport | undefined> {
  const { data: tree } = treeReportSchema.safeParse(await readJson(join(folder, runFiles.tree)));
  if (!tree || isDecisionTree(tree) || tree.nodes.length * (tree.nodes[0]?.weights?.length ?? 0) <= MOST_WEIGHTS)
    return tree;
  return { ...tree, nodes: tree.nodes.map((node) => ({ ...node, weights: null })) };
}
