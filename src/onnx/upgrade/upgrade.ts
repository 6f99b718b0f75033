import type { Graph } from '../graph.ts';
import { attentionComposites } from './attention.ts';
import { axesUpgrades } from './axes.ts';
import { embeddingComposites } from './embedding.ts';
import { samplingComposites } from './sampling.ts';
import { elementwiseUpgrades } from './elementwise.ts';
import { fourierComposites } from './fourier.ts';
import { fusedComposites } from './fused.ts';
import { normalizationUpgrades } from './normalization.ts';
import { pieceUpgrades } from './split.ts';
import { resizeUpgrades } from './resize.ts';
import { softmaxUpgrades } from './softmax.ts';
import type { StoredNode, Upgrade, UpgradeStep } from './step.ts';

/** What changed in the meaning or form of an operator after opset 7, in order. Newer sets only added element types. */
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

/** Operators that are read as the simpler ones they stand for, whatever the operator set, by key such as `com.microsoft.FusedGemm`. */
const composites: ReadonlyMap<string, Upgrade> = new Map(
  Object.entries({
    ...attentionComposites,
    ...embeddingComposites,
    ...fusedComposites,
    ...fourierComposites,
    ...samplingComposites,
  }),
);

/** Keys of the operators that are read as simpler ones. */
export const composedOperators: readonly string[] = [...composites.keys()];

/** The node that stands for a node of operator set `opset` in the canonical set; see `Upgrade`. */
export function upgradeNode(graph: Graph, node: StoredNode, opset: number): StoredNode {
  const compose = composites.get(node.domain === '' ? node.operator : `${node.domain}.${node.operator}`);
  if (compose) return compose(graph, node, opset);
  if (node.domain !== '') return node;
  return stepsFor(node.operator, opset).reduce((upgraded, { upgrade }) => upgrade(graph, upgraded, opset), node);
}

/** Whether a standard operator means something else, or is written in another way, in operator set `opset`. */
export function changedSince(opset: number, operator: string): boolean {
  return stepsFor(operator, opset).some(({ before }) => before !== Infinity);
}

/** Whether a standard operator means something else, or is written in another way, in one operator set than in another. */
export function changedBetween(one: number, other: number, operator: string): boolean {
  const [older, newer] = [Math.min(one, other), Math.max(one, other)];
  return stepsFor(operator, older).some(({ before }) => before <= newer);
}

function stepsFor(operator: string, opset: number): readonly UpgradeStep[] {
  return (steps.get(operator) ?? []).filter(({ before }) => opset < before);
}
