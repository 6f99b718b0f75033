import { text } from '../graph.ts';
import type { Upgrade, UpgradeStep } from './step.ts';

/** Upsample, and the first Resize: scales are input 1, positions are scaled without an offset and rounded down. */
const asymmetric: Upgrade = (_, node) => {
  const [input, scales] = node.inputs;
  const attributes = {
    ...node.attributes,
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text('floor'),
  };
  return { ...node, operator: 'Resize', inputs: [input, undefined, scales], attributes };
};

/** Inputs that are not used had to be given as empty tensors; they are left out. */
const withoutEmptyInputs: Upgrade = (_, node) => ({
  ...node,
  inputs: node.inputs.map((input) => (input?.shape.length === 1 && input.shape[0] === 0 ? undefined : input)),
});

export const resizeUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  Upsample: [{ before: Infinity, upgrade: asymmetric }],
  Resize: [
    { before: 11, upgrade: asymmetric },
    { before: Infinity, upgrade: withoutEmptyInputs },
  ],
};
