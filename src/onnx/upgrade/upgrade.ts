import type { Graph } from '../graph.ts';
import { axesUpgrades } from './axes.ts';
import { elementwiseUpgrades } from './elementwise.ts';
import { normalizationUpgrades } from './normalization.ts';
import { pieceUpgrades } from './pieces.ts';
import { resizeUpgrades } from './resize.ts';
import { softmaxUpgrades } from './softmax.ts';
import type { StoredNode, UpgradeStep } from './step.ts';

/** What changed in the meaning or form of an operator after opset 9, in order. Newer sets only added element types. */
const steps: ReadonlyMap<string, readonly UpgradeStep[]> = new Map(
  Object.entries({
    ...axesUpgrades,
    ...elementwiseUpgrades,
    ...normalizationUpgrades,
    ...pieceUpgrades,
    ...resizeUpgrades,
    ...softmaxUpgrades,
  }),
);

/** The node that stands for a node of operator set `opset` in the canonical set; see `Upgrade`. */
export function upgradeNode(graph: Graph, node: StoredNode, opset: number): StoredNode {
  if (node.domain !== '') return node;
  return stepsFor(node.operator, opset).reduce((upgraded, { upgrade }) => upgrade(graph, upgraded), node);
}

/** Whether a standard operator means something else, or is written in another way, in operator set `opset`. */
export function changedSince(opset: number, operator: string): boolean {
  return stepsFor(operator, opset).some(({ before }) => before !== Infinity);
}

function stepsFor(operator: string, opset: number): readonly UpgradeStep[] {
  return (steps.get(operator) ?? []).filter(({ before }) => opset < before);
}
