import { DistilleryError } from '../../errors.ts';
import { floatOf, inputOf, intOf, textOf } from '../attributes.ts';
import { float, int, text } from '../graph.ts';
import type { Attributes, Value } from '../node.ts';
import { withoutAttributes, type StoredNode, type Upgrade } from './step.ts';

/** Attributes of a fused activation; what they mean depends on `activation`. */
const ACTIVATION_ATTRIBUTES = [
  'activation',
  'activation_alpha',
  'activation_beta',
  'activation_gamma',
  'activation_params',
];

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** An operator that ONNX Runtime's optimiser joined with the activation after it, as the two that it was. */
const apart =
  (operator: string): Upgrade =>
  (graph, node) => {
    const attributes = withoutAttributes(node.attributes, ...ACTIVATION_ATTRIBUTES);
    const inputs = node.inputs.slice(0, 3);
    const [, , , added] = node.inputs;
    const plain: StoredNode = { ...node, domain: '', operator, inputs, attributes };
    const kind = textOf(node, 'activation', '');
    if (kind === '' && !added) return plain;
    const value = graph.op(operator, inputs, attributes);
    const sum = added ? graph.op('Add', [value, added]) : value;
    const last = { ...node, domain: '', inputs: [sum], attributes: {} };
    if (kind === 'Clip') {
      return { ...last, operator: kind, inputs: [sum, ...bounds(node).map((bound) => graph.scalar(bound, sum))] };
    }
    return kind === ''
      ? { ...last, operator: 'Identity' }
      : { ...last, operator: kind, attributes: activation(node, kind) };
  };

/** The parameters of an activation, as convolutions list them. */
function listedParameters(node: StoredNode): readonly number[] {
  const listed = node.attributes['activation_params'];
  return listed?.kind === 'floats' ? listed.value : [];
}

/** The least and the largest number that a Clip lets through, as of ReLU6. */
function bounds(node: StoredNode): readonly [number, number] {
  const [least = -LARGEST, most = LARGEST] = listedParameters(node);
  return [least, most];
}

function activation(node: StoredNode, kind: string): Attributes {
  const [first, second] = listedParameters(node);
  const alpha = first ?? floatOf(node, 'activation_alpha', Number.NaN);
  const beta = second ?? floatOf(node, 'activation_beta', Number.NaN);
  switch (kind) {
    case 'Relu':
    case 'Sigmoid':
    case 'Tanh':
    case 'Softplus':
    case 'Softsign':
      return {};
    case 'LeakyRelu':
    case 'Elu':
    case 'ThresholdedRelu':
      return Number.isNaN(alpha) ? {} : { alpha: float(alpha) };
    case 'HardSigmoid':
    case 'Selu':
      return {
        ...(!Number.isNaN(alpha) && { alpha: float(alpha) }),
        ...(!Number.isNaN(beta) && { [kind === 'Selu' ? 'gamma' : 'beta']: float(beta) }),
      };
    default:
      throw new DistilleryError(
        'UNSUPPORTED',
        `Node '${node.name}' (${node.operator}): the activation '${kind}' is not known.`,
        { hint: "Write the model with ONNX Runtime's optimisation level 'basic', or export it without optimisation." },
      );
  }
}

/** Gelu of x + bias; the bias may be missing. */
const biasGelu =
  (approximate: 'none' | 'tanh'): Upgrade =>
  (graph, node) => {
    const [x, bias] = node.inputs;
    const sum = x && bias ? graph.op('Add', [x, bias]) : inputOf(node, 0);
    return { ...node, domain: '', operator: 'Gelu', inputs: [sum], attributes: { approximate: text(approximate) } };
  };

/** Layer normalisation of x + skip (+ bias), which is given, too. */
const skipNormalization =
  (operator: 'LayerNormalization' | 'RMSNormalization'): Upgrade =>
  (graph, node) => {
    const [x, skip, scale, fourth, fifth] = node.inputs;
    const [beta, bias] = operator === 'LayerNormalization' ? [fourth, fifth] : [undefined, fourth];
    refuseOutputs(node, [1, 2]);
    const wanted = node.outputs[3];
    const named = wanted === undefined || wanted === '' ? {} : { outputs: [wanted] };
    const total = bias
      ? graph.op('Add', [graph.op('Add', [x, skip]), bias], {}, named)
      : graph.op('Add', [x, skip], {}, named);
    return {
      ...node,
      domain: '',
      operator,
      inputs: [total, scale, ...(beta ? [beta] : [])],
      attributes: { axis: int(-1), epsilon: float(floatOf(node, 'epsilon', 1e-5)) },
      outputs: node.outputs.slice(0, 1),
    };
  };

/** x divided by its norm along an axis. */
const lpNormalization: Upgrade = (graph, node) => {
  const x = inputOf(node, 0);
  const axes = graph.integers([intOf(node, 'axis', -1)]);
  const norm = graph.op(intOf(node, 'p', 2) === 1 ? 'ReduceL1' : 'ReduceL2', [x, axes], { keepdims: int(1) });
  return { ...node, operator: 'Div', inputs: [x, norm], attributes: {} };
};

/** (x − mean) / (standard deviation + 1e-9), as the operator's own definition writes it. */
const meanVarianceNormalization: Upgrade = (graph, node) => {
  const x = inputOf(node, 0);
  const listed = node.attributes['axes'];
  const axes = graph.integers(listed?.kind === 'ints' ? listed.value : [0, 2, 3]);
  const mean = (value: Value): Value => graph.op('ReduceMean', [value, axes], { keepdims: int(1) });
  const centred = graph.op('Sub', [x, mean(x)]);
  const deviation = graph.op('Sqrt', [mean(graph.op('Mul', [centred, centred]))]);
  return {
    ...node,
    operator: 'Div',
    inputs: [centred, graph.op('Add', [deviation, graph.scalar(1e-9, x)])],
    attributes: {},
  };
};

/** @throws DistilleryError when outputs are wanted that are only for training, or are not made. */
export function refuseOutputs(node: StoredNode, indices: readonly number[]): void {
  const wanted = indices.flatMap((index) => node.outputs[index] || []);
  if (wanted.length === 0) return;
  throw new DistilleryError(
    'UNSUPPORTED',
    `Node '${node.name}' (${node.operator}): its further outputs '${wanted.join("', '")}' are not supported.`,
    { hint: 'Export the model without what reads them, such as a cache of keys and values.' },
  );
}

/** Operators that stand for several, by key; see `composites`. */
export const fusedComposites: Readonly<Record<string, Upgrade>> = {
  'com.microsoft.FusedConv': apart('Conv'),
  'com.microsoft.FusedGemm': apart('Gemm'),
  'com.microsoft.BiasGelu': biasGelu('none'),
  'com.microsoft.FastGelu': biasGelu('tanh'),
  'com.microsoft.SkipLayerNormalization': skipNormalization('LayerNormalization'),
  'com.microsoft.SkipSimplifiedLayerNormalization': skipNormalization('RMSNormalization'),
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
