import { DistilleryError } from '../../errors.ts';
import { floatOf } from '../../onnx/attributes.ts';
import { formula } from '../../autodiff/formula.ts';
import { expand, reshape, sumOver, zeros } from '../../autodiff/layout.ts';
import type { Composite } from '../../autodiff/rule.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { elementCount } from '../../onnx/tensor.ts';

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
  const [x, scale, bias, runningMean, runningVariance] = inputs;
  if (!x || !scale || !bias || !runningMean || !runningVariance) {
    throw new DistilleryError('BAD_FILE', `Node '${node.name}' (BatchNormalization) lacks an input.`);
  }
  const { div } = formula(graph);
  const shape = dimensionsOf(x);
  const [, channels = 1] = shape;
  const axes = shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const count = elementCount(shape) / channels;
  const perChannel = (value: Value): Value =>
    reshape(
      graph,
      value,
      shape.map((_, axis) => (axis === 1 ? channels : 1)),
    );
  /** Mean of each channel, [C]. */
  const mean = (value: Value): Value => div(sumOver(graph, value, axes, false), count);

  const batchMean = mean(x);
  const centered = graph.op('Sub', [x, perChannel(batchMean)]);
  const batchVariance = mean(graph.op('Mul', [centered, centered]));
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  // One pass over the image, with the statistics of the batch for the running ones.
  const output = graph.op('BatchNormalization', [x, scale, bias, batchMean, batchVariance], {
    epsilon: { kind: 'float', value: epsilon },
  });

  const momentum = floatOf(node, 'momentum', 0.9);
  const moved = (running: Value, batch: Value): Value =>
    graph.op('Add', [
      graph.op('Mul', [running, graph.scalar(momentum, x)]),
      graph.op('Mul', [batch, graph.scalar(1 - momentum, x)]),
    ]);
  const composite: Composite = {
    inputs: [x, scale, bias],
    gradient: (gradient, needs) => {
      const deviation = graph.op('Sqrt', [graph.op('Add', [batchVariance, graph.scalar(epsilon, x)])]);
      return buildGradients(graph, { axes, count, centered, scale, deviation, perChannel }, gradient, needs);
    },
  };
  return { output, mean: moved(runningMean, batchMean), variance: moved(runningVariance, batchVariance), composite };
}

/** What the forward pass leaves for the backward pass; all but `centered` have one entry per channel. */
interface Saved {
  /** All axes but that of the channels. */
  readonly axes: readonly number[];
  /** Number of elements of a channel. */
  readonly count: number;
  readonly centered: Value;
  readonly scale: Value;
  readonly deviation: Value;
  readonly perChannel: (value: Value) => Value;
}

/**
 * The gradients with respect to x, scale and bias from section 3 of the paper, gathered into as few passes over the images as possible:
 * with c the centred input, s the deviation and n the number of elements of a channel,
 * dx = (g − Σg / n − c · Σ(g · c) / (n · s²)) · scale / s, dscale = Σ(g · c) / s, dbias = Σg. The factor comes last, where a
 * convolution before the normalisation can take it into its kernel.
 */
function buildGradients(
  graph: Graph,
  { axes, count, centered, scale, deviation, perChannel }: Saved,
  gradient: Value,
  needs: (index: number) => boolean,
): (Value | undefined)[] {
  const { add, div, mul, neg } = formula(graph);
  const gradientSum = sumOver(graph, gradient, axes, false);
  const products = sumOver(graph, mul(gradient, centered), axes, false);
  const inputGradient = (): Value => {
    const slope = neg(div(products, mul(mul(deviation, deviation), count)));
    const level = neg(div(gradientSum, count));
    return mul(add(gradient, buildAffine(graph, centered, slope, level)), perChannel(div(scale, deviation)));
  };
  return [
    needs(0) ? inputGradient() : undefined,
    needs(1) ? div(products, deviation) : undefined,
    needs(2) ? gradientSum : undefined,
  ];
}

/** slope · x + level for each channel in one pass, as a normalisation of mean 0 and variance 1. */
function buildAffine(graph: Graph, x: Value, slope: Value, level: Value): Value {
  const zero = zeros(graph, dimensionsOf(slope), slope);
  const one = expand(graph, graph.scalar(1, slope), dimensionsOf(slope));
  return graph.op('BatchNormalization', [x, slope, level, zero, one], { epsilon: { kind: 'float', value: 0 } });
}
