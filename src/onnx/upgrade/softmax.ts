import { inputOf, intOf, misfit } from '../attributes.ts';
import { int } from '../graph.ts';
import type { Upgrade, UpgradeStep } from './step.ts';

/**
 * Softmax and its kin used to work on a matrix: the axes before `axis` by all axes from there on. Where that is more
 * than the last axis, the matrix is made explicitly.
 */
const flattened: Upgrade = (graph, node) => {
  const input = inputOf(node, 0);
  const rank = input.shape.length;
  const given = intOf(node, 'axis', 1);
  const axis = given < 0 ? given + rank : given;
  const attributes = { axis: int(-1) };
  if (axis === rank - 1) return { ...node, attributes };
  if (input.shape.filter((dimension) => typeof dimension === 'string').length > 1) {
    throw misfit(node, 'more than one size is not known before the model runs');
  }
  const matrix = graph.op('Flatten', [input], { axis: int(axis) });
  const result = graph.op(node.operator, [matrix], attributes);
  const shape = graph.integers(input.shape.map((dimension) => (typeof dimension === 'string' ? -1 : dimension)));
  return { ...node, operator: 'Reshape', inputs: [result, shape], attributes: {} };
};

export const softmaxUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  Softmax: [{ before: 13, upgrade: flattened }],
  LogSoftmax: [{ before: 13, upgrade: flattened }],
  Hardmax: [{ before: 13, upgrade: flattened }],
};
