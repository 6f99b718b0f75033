import { DistilleryError } from '../errors.ts';
import { floatOf } from '../onnx/attributes.ts';
import type { Composite } from '../autodiff/rule.ts';
import { dimensionsOf, int, type Graph, type Node, type Value } from '../onnx/graph.ts';
import { elementCount } from '../onnx/tensor.ts';

/** A batch normalisation in training form: its output, and its running statistics after the step. */
export interface TrainedNormalization {
  readonly output: Value;
  readonly mean: Value;
  readonly variance: Value;
  /** How it is differentiated. */
  readonly composite: Composite;
}

/**
 * Builds batch normalisation as it is trained (arXiv 1502.03167): with the mean and the (biased) variance of the batch,
 * composed from reductions because inference builds of ONNX Runtime have no training mode. The running statistics move
 * as the ONNX specification says: running · momentum + batch · (1 − momentum).
 *
 * @param inputs x [B, C, …], scale [C], bias [C], running mean [C], running variance [C]
 */
export function buildTrainedNormalization(
  graph: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
): TrainedNormalization {
  const [x, scale, bias, mean, variance] = inputs;
  if (!x || !scale || !bias || !mean || !variance) {
    throw new DistilleryError('BAD_FILE', `Node '${node.name}' (BatchNormalization) lacks an input.`);
  }
  const shape = dimensionsOf(x);
  const [, channels = 1] = shape;
  const axes = graph.integers(shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])));
  const perChannel = (value: Value): Value =>
    graph.op('Reshape', [value, graph.integers(shape.map((_, axis) => (axis === 1 ? channels : 1)))]);
  const vector = (value: Value): Value => graph.op('Reshape', [value, graph.integers([channels])]);

  const batchMean = graph.op('ReduceMean', [x, axes], { keepdims: int(1) });
  const centered = graph.op('Sub', [x, batchMean]);
  const batchVariance = graph.op('ReduceMean', [graph.op('Mul', [centered, centered]), axes], { keepdims: int(1) });
  const deviation = graph.op('Sqrt', [
    graph.op('Add', [batchVariance, graph.scalar(floatOf(node, 'epsilon', 1e-5), x)]),
  ]);
  const gain = graph.op('Div', [perChannel(scale), deviation]);
  const output = graph.op('Add', [graph.op('Mul', [centered, gain]), perChannel(bias)]);

  const momentum = floatOf(node, 'momentum', 0.9);
  const moved = (running: Value, batch: Value): Value =>
    graph.op('Add', [
      graph.op('Mul', [running, graph.scalar(momentum, x)]),
      graph.op('Mul', [vector(batch), graph.scalar(1 - momentum, x)]),
    ]);
  const composite: Composite = {
    inputs: [x, scale, bias],
    gradient: (gradient, needs) => buildGradients(graph, { x, centered, deviation, gain, axes }, gradient, needs),
  };
  return { output, mean: moved(mean, batchMean), variance: moved(variance, batchVariance), composite };
}

/** What the forward pass leaves for the backward pass; all but `x` and `centered` have one entry per channel. */
interface Saved {
  readonly x: Value;
  readonly centered: Value;
  readonly deviation: Value;
  readonly gain: Value;
  readonly axes: Value;
}

/**
 * The gradients with respect to x, scale and bias from section 3 of the paper, gathered into as few passes over the images as possible:
 * with c the centred input, s the deviation and n the number of elements of a channel,
 * dx = gain · (g − Σg / n − c · Σ(g · c) / (n · s²)), dscale = Σ(g · c) / s, dbias = Σg.
 */
function buildGradients(
  graph: Graph,
  { x, centered, deviation, gain, axes }: Saved,
  gradient: Value,
  needs: (index: number) => boolean,
): (Value | undefined)[] {
  const shape = dimensionsOf(x);
  const [, channels = 1] = shape;
  const count = elementCount(shape) / channels;
  const sum = (value: Value): Value => graph.op('ReduceSum', [value, axes], { keepdims: int(1) });
  const vector = (value: Value): Value => graph.op('Reshape', [value, graph.integers([channels])]);
  const gradientSum = sum(gradient);
  const products = sum(graph.op('Mul', [gradient, centered]));
  const share = graph.scalar(-1 / count, x);
  const slope = graph.op('Mul', [graph.op('Div', [products, graph.op('Mul', [deviation, deviation])]), share]);
  const inputGradient = (): Value => {
    const tilted = graph.op('Add', [gradient, graph.op('Mul', [centered, slope])]);
    const level = graph.op('Mul', [gradientSum, share]);
    return graph.op('Mul', [graph.op('Add', [tilted, level]), gain]);
  };
  return [
    needs(0) ? inputGradient() : undefined,
    needs(1) ? vector(graph.op('Div', [products, deviation])) : undefined,
    needs(2) ? vector(gradientSum) : undefined,
  ];
}
