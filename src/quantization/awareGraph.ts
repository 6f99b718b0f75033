import { DistilleryError } from '../errors.ts';
import { copyGraph, copyNode } from '../onnx/copy.ts';
import { fakeQuantize } from '../onnx/fakeQuantize.ts';
import { Graph } from '../onnx/graph.ts';
import type { Node, Value } from '../onnx/node.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { elementCount, floatTensor, type FloatTensor } from '../onnx/tensor.ts';
import { activationAfter } from './activationAfter.ts';
import { ModelEditor } from './editModel.ts';
import { observedWeightScale, roundedBias } from './fakeWeights.ts';
import type { WeightBits } from './quantizeWeight.ts';
import { affine, readValues, type Range } from './staticInt8.ts';
import { weightedNode, type WeightedNode } from './weightedNodes.ts';

/** A network that computes as its int8 file will, with floats that can be trained. */
export interface AwareNetwork {
  readonly graph: Graph;
  /** Names of the weights that hold the learned ranges: the logarithms of scales. */
  readonly rangeWeights: readonly string[];
  /** The ranges that `quantizeStatically` needs to write what was trained, from the trained weights by name. */
  readonly rangesOf: (weights: ReadonlyMap<string, FloatTensor>) => ReadonlyMap<string, Range>;
}

/** A value that is quantised, with its learned scale. */
interface LearnedRange {
  readonly weight: string;
  readonly zeroPoint: number;
  /** No larger scale is written; infinite where there is no limit. */
  readonly largestScale: number;
  readonly initialScale: number;
}

/** Steps between the integers of an activation. */
const STEPS = 255;

/**
 * The network with everything rounded that `quantizeStatically` rounds, at the same places and to as many levels: weights with a scale for
 * each channel that follows their largest number, biases, and activations over ranges that are learned (arXiv 1902.08153), whose scales are
 * trained as logarithms (arXiv 1903.08066) so that they stay positive, and whose zero points stay.
 *
 * @param model with batch normalisations folded
 * @param network the model as a graph, with the names of the model
 * @param observed ranges to begin with, by name, of all `valuesToObserve(model)`
 * @throws DistilleryError `UNSUPPORTED` when a product of the model is another in the graph
 */
export function withFakeQuantization(
  model: ModelProto,
  network: Graph,
  observed: ReadonlyMap<string, Range>,
  bits: WeightBits,
): AwareNetwork {
  const editor = new ModelEditor(model);
  const read = readValues(editor);
  const limits = limitsOf(editor);
  const products = new Map(
    editor.nodes.flatMap((node) => {
      const weighted = weightedNode(node, editor);
      return weighted ? [[node.output[0] ?? '', weighted] as const] : [];
    }),
  );
  const graph = new Graph();
  graph.reserve(network.names);
  const learned = new Map<string, LearnedRange>();
  /** What reads a value reads in its place, and the scale of that. */
  const restored = new Map<string, { readonly value: Value; readonly scale: Value }>();
  const quantizeValue = (value: Value): void => {
    const range = observed.get(value.name);
    if (!range || !read.has(value.name)) return;
    const { scale: initialScale, zeroPoint } = affine(range);
    const largestScale = (limits.get(value.name) ?? Infinity) / STEPS;
    const learnedRange = { weight: graph.freshName(`${value.name}.range`), zeroPoint, largestScale, initialScale };
    learned.set(value.name, learnedRange);
    const scale = scaleOf(graph, learnedRange);
    const quantized = fakeQuantize(graph, value, scale, {
      lowest: -zeroPoint,
      highest: STEPS - zeroPoint,
      scale: 'learned',
      // That of the paper, with the values of one sample; what is open, as the length of a text, is left out.
      gradientFactor:
        1 / Math.sqrt(elementCount(value.shape.slice(1).filter((size) => typeof size === 'number')) * STEPS),
    });
    restored.set(value.name, { value: quantized, scale });
  };
  const bindings = new Map(
    network.inputs.map((input) => [input.name, graph.input(input.name, input.type, input.shape)]),
  );
  for (const input of bindings.values()) quantizeValue(input);
  const copies = copyGraph(graph, network, {
    bindings,
    prefix: '',
    rewrite: (node, inputs) => {
      const weighted = products.get(node.outputs[0]?.name ?? '');
      const scale = restored.get(weighted?.input ?? '')?.scale;
      const read = inputs.map((input) => restored.get(input?.name ?? '')?.value ?? input);
      const quantized = weighted && scale ? withRoundedWeights(graph, { node, weighted, scale, bits }, read) : read;
      const outputs = copyNode(graph, node, quantized, '');
      for (const output of outputs) if (output) quantizeValue(output);
      return outputs;
    },
  });
  for (const output of network.outputs) {
    const copy = copies.get(output.name);
    if (!copy) throw new DistilleryError('INTERNAL', `The copy lost the output '${output.name}'.`);
    // What the model itself puts out is not quantised; what its ending reads is.
    graph.output(editor.outputs.includes(output.name) ? copy : (restored.get(output.name)?.value ?? copy));
  }
  return {
    graph,
    rangeWeights: [...learned.values()].map(({ weight }) => weight),
    rangesOf: (weights) =>
      new Map([...learned].map(([name, range]) => [name, rangeOf(range, weights.get(range.weight)?.data[0])])),
  };
}

/** The largest number that activations let through, by the name of what they compute. */
function limitsOf(editor: ModelEditor): ReadonlyMap<string, number> {
  return new Map(
    editor.nodes.flatMap((node) => {
      const activation = node.opType === 'Conv' ? activationAfter(node, editor) : undefined;
      return activation ? [[activation.output, activation.highest] as const] : [];
    }),
  );
}

function scaleOf(graph: Graph, { weight, initialScale, largestScale }: LearnedRange): Value {
  const logarithm = graph.initializer(weight, floatTensor(Float32Array.of(Math.log(initialScale)), []));
  const scale = graph.op('Exp', [logarithm]);
  return Number.isFinite(largestScale) ? graph.op('Min', [scale, graph.scalar(largestScale)]) : scale;
}

function rangeOf({ zeroPoint, initialScale, largestScale }: LearnedRange, logarithm: number | undefined): Range {
  const learned = Math.fround(logarithm === undefined ? initialScale : Math.exp(logarithm));
  const scale = Math.min(learned, Math.fround(largestScale));
  return { low: -zeroPoint * scale, high: (STEPS - zeroPoint) * scale };
}

interface RoundedProduct {
  readonly node: Node;
  readonly weighted: WeightedNode;
  /** Of what flows in. */
  readonly scale: Value;
  readonly bits: WeightBits;
}

function withRoundedWeights(
  graph: Graph,
  { node, weighted, scale, bits }: RoundedProduct,
  inputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] {
  const [input, weight, bias] = inputs;
  const { weightName, channelAxis, node: original } = weighted;
  if (!weight || weight.name !== weightName || node.operator !== original.opType) {
    throw new DistilleryError('UNSUPPORTED', `Node '${node.name}' cannot be trained as it is quantised.`, {
      hint: 'Export the model in operator set 13 or newer.',
    });
  }
  const observed = observedWeightScale(graph, weight, channelAxis, { bits, bias, inputScale: scale });
  const rounded = fakeQuantize(graph, weight, observed.scale, { ...observed.levels, scale: 'observed' });
  return [input, rounded, bias && roundedBias(graph, bias, observed.scale, scale), ...inputs.slice(3)];
}
