import { int } from '../graph.ts';
import {
  integersFromAttribute,
  scalarFromAttribute,
  withoutAttributes,
  type Upgrade,
  type UpgradeStep,
} from './step.ts';

/** Sizes that were an attribute become input 1. */
const splitSizes: Upgrade = (graph, node) => ({
  ...node,
  inputs: [node.inputs[0], integersFromAttribute(graph, node, 'split')],
  attributes: withoutAttributes(node.attributes, 'split'),
});

/** Pieces of equal size are asked for by their number. */
const splitCount: Upgrade = (_, node) =>
  node.inputs[1] ? node : { ...node, attributes: { ...node.attributes, num_outputs: int(node.outputs.length) } };

const slice: Upgrade = (graph, node) => ({
  ...node,
  inputs: [node.inputs[0], ...['starts', 'ends', 'axes'].map((name) => integersFromAttribute(graph, node, name))],
  attributes: {},
});

const pad: Upgrade = (graph, node) => ({
  ...node,
  inputs: [
    node.inputs[0],
    integersFromAttribute(graph, node, 'pads'),
    scalarFromAttribute(graph, node, 'value') ?? graph.scalar(0, node.inputs[0]),
  ],
  attributes: withoutAttributes(node.attributes, 'pads', 'value'),
});

/** The number of elements to keep becomes input 1. */
const topK: Upgrade = (graph, node) => {
  const k = node.attributes['k'];
  return {
    ...node,
    inputs: [node.inputs[0], k?.kind === 'int' ? graph.integers([k.value]) : undefined],
    attributes: withoutAttributes(node.attributes, 'k'),
  };
};

const scatter: Upgrade = (_, node) => ({ ...node, operator: 'ScatterElements' });

export const pieceUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  Split: [
    { before: 13, upgrade: splitSizes },
    { before: 18, upgrade: splitCount },
  ],
  Slice: [{ before: 10, upgrade: slice }],
  Pad: [{ before: 11, upgrade: pad }],
  TopK: [{ before: 10, upgrade: topK }],
  Scatter: [{ before: Infinity, upgrade: scatter }],
};
