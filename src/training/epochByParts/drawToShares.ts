import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import { floatData, floatTensor, type FloatTensor } from '../../onnx/tensor.ts';

/** Draws what a classifier says towards how often each class is: its logits become own · logits + (1 − own) · log shares. */
export interface DrawToShares {
  /** Share that is left of what the classifier itself says, above 0, at most 1. */
  readonly own: number;
  /** Of every class, above 0; they sum to 1. */
  readonly shares: readonly number[];
  readonly layer: LastLayer;
}

/** The dense layer whose outputs are a network's logits, by the names of its weights. */
export interface LastLayer {
  readonly weight: string;
  readonly bias: string;
}

/** Nodes that hand on what they are given, but for its dimensions. */
const HANDS_ON = new Set(['Identity', 'Reshape']);

/** The dense layer that a network ends with; undefined where it ends otherwise, or something else reads that layer's weights, too. */
export function lastLayerOf(graph: Graph): LastLayer | undefined {
  let [value] = graph.outputs;
  let node = value && graph.producer(value);
  while (node && HANDS_ON.has(node.operator)) {
    [value] = node.inputs;
    node = value && graph.producer(value);
  }
  const layer = node && (denseLayer(node) ?? summedLayer(graph, node));
  const isOwn = (name: string): boolean =>
    graph.initializers.get(name)?.type === 'float32' &&
    graph.nodes.filter(({ inputs }) => inputs.some((input) => input?.name === name)).length === 1;
  return layer && isOwn(layer.weight) && isOwn(layer.bias) ? layer : undefined;
}

function denseLayer({ operator, inputs: [, weight, bias], attributes }: Node): LastLayer | undefined {
  const isPlain = [attributes['alpha'], attributes['beta']].every(
    (factor) => factor === undefined || (factor.kind === 'float' && factor.value === 1),
  );
  return operator === 'Gemm' && weight && bias && isPlain ? { weight: weight.name, bias: bias.name } : undefined;
}

function summedLayer(graph: Graph, { operator, inputs }: Node): LastLayer | undefined {
  if (operator !== 'Add') return undefined;
  const products = inputs.map((input) => input && graph.producer(input));
  const index = products.findIndex((product) => product?.operator === 'MatMul');
  const [weight, bias] = [products[index]?.inputs[1], inputs[1 - index]];
  return weight && bias ? { weight: weight.name, bias: bias.name } : undefined;
}

/**
 * The logits of samples as they are with the last layer that `drawLastLayer` gives.
 * @param logits [samples, classes]
 */
export function drawLogits(logits: Float32Array, { own, shares }: Omit<DrawToShares, 'layer'>): Float32Array {
  const drawnTo = shares.map((share) => (1 - own) * Math.log(share));
  return logits.map((logit, index) => own * logit + (drawnTo[index % shares.length] ?? 0));
}

/** The weights of a network that says what `drawLogits` makes of what it says with `weights`, by their names. */
export function drawLastLayer(
  weights: ReadonlyMap<string, FloatTensor>,
  draw: DrawToShares,
): ReadonlyMap<string, FloatTensor> {
  const [weight, bias] = [weights.get(draw.layer.weight), weights.get(draw.layer.bias)];
  if (!weight || !bias) return weights;
  return new Map([
    ...weights,
    [
      draw.layer.weight,
      floatTensor(
        floatData(weight).map((value) => draw.own * value),
        weight.shape,
      ),
    ],
    [draw.layer.bias, floatTensor(drawLogits(floatData(bias), draw), bias.shape)],
  ]);
}
