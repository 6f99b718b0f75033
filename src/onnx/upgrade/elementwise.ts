import { scalarFromAttribute, withoutAttributes, type Upgrade, type UpgradeStep } from './step.ts';

/** Bounds that were attributes become inputs 1 and 2. */
const clip: Upgrade = (graph, node) => ({
  ...node,
  inputs: [node.inputs[0], scalarFromAttribute(graph, node, 'min'), scalarFromAttribute(graph, node, 'max')],
  attributes: {},
});

/** The ratio becomes input 1. */
const dropout: Upgrade = (graph, node) => ({
  ...node,
  inputs: [node.inputs[0], scalarFromAttribute(graph, node, 'ratio')],
  attributes: withoutAttributes(node.attributes, 'ratio'),
});

/** A model that is stored runs in inference mode, also where it was exported as it trains. */
const atRest: Upgrade = (_, node) => (node.inputs[2] ? { ...node, inputs: node.inputs.slice(0, 2) } : node);

export const elementwiseUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  Clip: [{ before: 11, upgrade: clip }],
  Dropout: [
    { before: 12, upgrade: dropout },
    { before: Infinity, upgrade: atRest },
  ],
};
