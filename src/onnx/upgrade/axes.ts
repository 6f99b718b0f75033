import { integersFromAttribute, withoutAttributes, type Upgrade, type UpgradeStep } from './step.ts';

/** Axes that were an attribute become input 1 (Squeeze, Unsqueeze, reductions). */
const axesToInput: Upgrade = (graph, node) => {
  const axes = integersFromAttribute(graph, node, 'axes');
  return { ...node, inputs: [node.inputs[0], axes], attributes: withoutAttributes(node.attributes, 'axes') };
};

/** Reductions whose axes were an attribute before opset 18. */
export const reductions = [
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSum',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceProd',
  'ReduceSumSquare',
];

export const axesUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  Squeeze: [{ before: 13, upgrade: axesToInput }],
  Unsqueeze: [{ before: 13, upgrade: axesToInput }],
  ReduceSum: [{ before: 13, upgrade: axesToInput }],
  ...Object.fromEntries(reductions.map((operator) => [operator, [{ before: 18, upgrade: axesToInput }]])),
};
