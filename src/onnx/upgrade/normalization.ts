import { inputOf, intOf, misfit } from '../attributes.ts';
import type { Value } from '../node.ts';
import { withoutAttributes, type Upgrade, type UpgradeStep } from './step.ts';

/** A stored model runs in inference mode, also where it was exported as it trains. */
const batchNormalization: Upgrade = (_, node) => ({
  ...node,
  outputs: node.outputs.slice(0, 1),
  attributes: withoutAttributes(node.attributes, 'training_mode'),
});

/** Statistics of every element of a sample, instead of every channel, were a form of it that no layer has. */
const spatial: Upgrade = (_, node) => {
  if (intOf(node, 'spatial', 1) !== 1)
    throw misfit(node, 'statistics of every element (spatial = 0) are not supported');
  return { ...node, attributes: withoutAttributes(node.attributes, 'spatial') };
};

/** Scale and bias per group become scale and bias per channel. */
const groupNormalization: Upgrade = (graph, node) => {
  const channels = inputOf(node, 0).shape[1];
  const groups = intOf(node, 'num_groups', 1);
  if (typeof channels !== 'number') throw misfit(node, 'the number of channels must be known');
  const perChannel = (perGroup: Value): Value => {
    const column = graph.op('Reshape', [perGroup, graph.integers([groups, 1])]);
    const spread = graph.op('Expand', [column, graph.integers([groups, channels / groups])]);
    return graph.op('Reshape', [spread, graph.integers([channels])]);
  };
  return { ...node, inputs: [node.inputs[0], perChannel(inputOf(node, 1)), perChannel(inputOf(node, 2))] };
};

export const normalizationUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  BatchNormalization: [
    { before: 9, upgrade: spatial },
    { before: Infinity, upgrade: batchNormalization },
  ],
  GroupNormalization: [{ before: 21, upgrade: groupNormalization }],
};
