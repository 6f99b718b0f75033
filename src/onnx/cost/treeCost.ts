import type { Attribute, Node } from '../node.ts';

/** Whether a node computes trees of `ai.onnx.ml`. */
function isTrees({ domain, operator }: Node): boolean {
  return domain === 'ai.onnx.ml' && (operator === 'TreeEnsembleRegressor' || operator === 'TreeEnsembleClassifier');
}

/** What was learned of the trees of a node: the thresholds of their decisions and the numbers of their leaves; 0 for another node. */
export function treeParameters(node: Node): number {
  if (!isTrees(node)) return 0;
  const modes = node.attributes['nodes_modes'];
  const decisions = modes?.kind === 'strings' ? modes.value.filter((mode) => mode !== 'LEAF').length : 0;
  return decisions + leafNumbers(node).length;
}

/** Additions of one sample: a leaf of every tree, each of its numbers; 0 for another node. */
export function treeAdditions(node: Node): number {
  if (!isTrees(node)) return 0;
  const trees = new Map<number, Set<number>>();
  const ids = numbersOf(node.attributes['target_ids'] ?? node.attributes['class_ids']);
  leafNumbers(node).forEach((tree, index) => {
    const outputs = trees.get(tree) ?? new Set();
    outputs.add(ids[index] ?? 0);
    trees.set(tree, outputs);
  });
  return [...trees.values()].reduce((sum, outputs) => sum + outputs.size, 0);
}

/** The tree of every number of a leaf. */
function leafNumbers({ attributes }: Node): readonly number[] {
  return numbersOf(attributes['target_treeids'] ?? attributes['class_treeids']);
}

function numbersOf(attribute: Attribute | undefined): readonly number[] {
  return attribute?.kind === 'ints' ? attribute.value : [];
}
