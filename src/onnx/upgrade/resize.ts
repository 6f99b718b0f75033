import { inputOf, misfit, textOf } from '../attributes.ts';
import { text, type Graph } from '../graph.ts';
import { floatTensor, toNumbers } from '../tensor.ts';
import { withoutAttributes, type StoredNode, type Upgrade, type UpgradeStep } from './step.ts';

/** Scales that were an attribute of Upsample become input 1. */
const scalesToInput: Upgrade = (graph, node) => {
  const scales = node.attributes['scales'];
  if (scales?.kind !== 'floats') throw misfit(node, 'it has no attribute "scales"');
  const values = Float32Array.from(scales.value);
  return {
    ...node,
    inputs: [node.inputs[0], graph.constant(floatTensor(values, [values.length]))],
    attributes: withoutAttributes(node.attributes, 'scales'),
  };
};

/** Upsample, and the first Resize: scales are input 1, and positions are scaled without an offset. */
const asymmetric: Upgrade = (graph, node) => {
  const [input, scales] = node.inputs;
  const attributes = {
    ...node.attributes,
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text(rounding(graph, node)),
  };
  return { ...node, operator: 'Resize', inputs: [input, undefined, scales], attributes };
};

/** The nearest position is the one before; where the image shrinks, ONNX Runtime takes the one behind. */
function rounding(graph: Graph, node: StoredNode): 'floor' | 'ceil' {
  const scales = inputOf(node, 1);
  const tensor = graph.known.get(scales.name) ?? graph.initializers.get(scales.name);
  const factors = tensor ? toNumbers(tensor) : [];
  if (!factors.some((factor) => factor < 1)) return 'floor';
  if (factors.some((factor) => factor > 1) && textOf(node, 'mode', 'nearest') === 'nearest') {
    throw misfit(node, 'an image that shrinks on one axis and grows on another is not supported in this operator set');
  }
  return 'ceil';
}

/** Inputs that are not used had to be given as empty tensors; they are left out. */
const withoutEmptyInputs: Upgrade = (_, node) => ({
  ...node,
  inputs: node.inputs.map((input) => (input?.shape.length === 1 && input.shape[0] === 0 ? undefined : input)),
});

export const resizeUpgrades: Readonly<Record<string, readonly UpgradeStep[]>> = {
  Upsample: [
    { before: 9, upgrade: scalesToInput },
    { before: Infinity, upgrade: asymmetric },
  ],
  Resize: [
    { before: 11, upgrade: asymmetric },
    { before: Infinity, upgrade: withoutEmptyInputs },
  ],
};
