import { inputOf, intOf } from '../attributes.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import { parseEquation } from '../shapes/einsum.ts';
import { elementCount, type Shape } from '../tensor.ts';
import { treeAdditions, treeParameters } from './treeCost.ts';

/** Inputs, by operator, that are floats and yet no weights: statistics, bounds, factors. */
export const inputsWithoutWeights: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  Clip: [1, 2],
  Dropout: [1],
  DequantizeLinear: [1, 2],
  OneHot: [2],
  Pad: [2],
  QuantizeLinear: [1, 2],
  Range: [0, 1, 2],
  Resize: [1, 2],
};

/** The same of ONNX Runtime's own operators. */
const scalesOfBits: Readonly<Record<string, readonly number[]>> = { MatMulNBits: [2, 3] };

/** Inputs, by operator, that are weights where they are integers. */
export const integerWeights: Readonly<Record<string, number>> = {
  DequantizeLinear: 0,
  ConvInteger: 1,
  MatMulInteger: 1,
};

/**
 * Names and element counts of the weights of a graph, in the order of its initializers. Weights are float initializers
 * that some node or output reads, and integer ones that are turned into floats or multiplied as they are. Not counted are
 * scalars and constants of formulas, the running statistics of batch normalisation (which are not trained), and inputs
 * such as the bounds of a Clip.
 */
export function weightsOf(graph: Graph): ReadonlyMap<string, number> {
  const read = new Set(graph.outputs.map((output) => output.name));
  /** Whole numbers by what they stand for: how many weights. */
  const quantized = new Map<string, number>();
  for (const node of graph.nodes) {
    const { operator, domain, inputs } = node;
    const others = domain === '' ? inputsWithoutWeights[operator] : scalesOfBits[operator];
    inputs.forEach((input, index) => {
      if (input && !others?.includes(index)) read.add(input.name);
    });
    const weight = inputs[integerWeights[operator] ?? -1];
    if (weight) quantized.set(weight.name, elements(weight.shape));
    const bits = operator === 'MatMulNBits' ? inputs[1] : undefined;
    if (bits) quantized.set(bits.name, intOf(node, 'K', 0) * intOf(node, 'N', 0));
  }
  const weights = new Map<string, number>();
  for (const [name, { type, shape }] of graph.initializers) {
    const float = type === 'float32' || type === 'float64' || type === 'float16';
    const whole = quantized.get(name);
    const counts = (float && read.has(name) && !graph.isConstant(name)) || whole !== undefined;
    if (counts && shape.length > 0) weights.set(name, whole ?? elementCount(shape));
  }
  return weights;
}

/** Number of parameters: elements of all weights, as `weightsOf` defines them, and of trees their thresholds and the numbers of their leaves. */
export function countParameters(graph: Graph): number {
  const ofTrees = graph.nodes.reduce((sum, node) => sum + treeParameters(node), 0);
  return [...weightsOf(graph).values()].reduce((sum, count) => sum + count, ofTrees);
}

/**
 * Multiply-accumulate operations of one run of a graph: convolutions, matrix products and recurrent layers, without
 * biases, activations and normalisations; of trees the leaves that are added up. A symbolic dimension counts once, so that a graph whose batch is symbolic or 1
 * gives the count of one sample.
 */
export function countMacs(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + macsOf(node), 0);
}

/** Multiply-accumulate operations of one node; see `countMacs`. */
export function macsOf(node: Node): number {
  switch (node.operator) {
    case 'Conv':
    case 'FusedConv':
    case 'ConvInteger':
      return outputElements(node) * elements(inputOf(node, 1).shape.slice(1));
    case 'ConvTranspose':
      return elements(inputOf(node, 0).shape) * elements(inputOf(node, 1).shape.slice(1));
    case 'Gemm':
      return outputElements(node) * size(inputOf(node, 0).shape.at(intOf(node, 'transA', 0) === 1 ? 0 : 1));
    case 'MatMul':
    case 'MatMulInteger':
      return outputElements(node) * size(inputOf(node, 0).shape.at(-1));
    case 'MatMulNBits':
      return outputElements(node) * intOf(node, 'K', 1);
    case 'FusedMatMul':
      return outputElements(node) * size(inputOf(node, 0).shape.at(intOf(node, 'transA', 0) === 1 ? -2 : -1));
    case 'Einsum':
      return einsumMacs(node);
    case 'TreeEnsembleClassifier':
    case 'TreeEnsembleRegressor':
      return treeAdditions(node);
    case 'RNN':
    case 'GRU':
    case 'LSTM':
      return recurrentMacs(node);
    default:
      return 0;
  }
}

/** Every combination of the indices of the equation is one product; a single input is only rearranged or summed. */
function einsumMacs(node: Node): number {
  if (node.inputs.length < 2) return 0;
  const sizes = new Map<string, number>();
  let hidden = 1;
  parseEquation(node).inputs.forEach((term, index) => {
    const { shape } = inputOf(node, index);
    const ellipsis = term.indexOf('.');
    const skipped = shape.length - term.length;
    term.forEach((letter, position) => {
      if (letter === '.') hidden = Math.max(hidden, elements(shape.slice(position, position + skipped + 1)));
      else {
        const axis = ellipsis >= 0 && position > ellipsis ? position + skipped : position;
        sizes.set(letter, Math.max(sizes.get(letter) ?? 1, size(shape[axis])));
      }
    });
  });
  return [...sizes.values()].reduce((product, count) => product * count, hidden);
}

/** Every step multiplies the input and the hidden state with all weights of all directions. */
function recurrentMacs(node: Node): number {
  const [sequence, batch] = inputOf(node, 0).shape;
  const weights = elements(inputOf(node, 1).shape) + elements(inputOf(node, 2).shape);
  return size(sequence) * size(batch) * weights;
}

function outputElements(node: Node): number {
  return elements(node.outputs[0]?.shape ?? [0]);
}

function elements(shape: Shape): number {
  return elementCount(shape.map(size));
}

function size(dimension: Shape[number] | undefined): number {
  return typeof dimension === 'number' ? dimension : 1;
}
