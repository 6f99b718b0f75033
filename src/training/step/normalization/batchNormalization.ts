import { DistilleryError } from '../../../errors.ts';
import { formula } from '../../../autodiff/formula.ts';
import { expand, sumOver, zeros } from '../../../autodiff/layout.ts';
import type { Composite } from '../../../autodiff/rule.ts';
import { floatOf } from '../../../onnx/attributes.ts';
import { dimensionsOf, float, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { channelsOf, moveStatistics, type Channels, type Statistics } from './statistics.ts';

/** A batch normalisation in training form: its output, and its running statistics after the step. */
export interface TrainedNormalization extends Statistics {
  readonly output: Value;
  /** How it is differentiated. */
  readonly composite: Composite;
}

/** An image whose channels have mean 0, and the mean [C] that was taken off them. */
export interface CentredImage {
  readonly image: Value;
  readonly mean: Value;
}

/**
 * Builds batch normalisation as it is trained (arXiv 1502.03167): with the mean and the (biased) variance of the batch,
 * composed from reductions because inference builds of ONNX Runtime have no training mode. The running statistics move
 * as the ONNX specification says: running · momentum + batch · (1 − momentum).
 *
 * @param inputs x [B, C, …], scale [C], bias [C], running mean [C], running variance [C]
 * @param centred x without its mean, where that is there already; the gradient with respect to it is that with respect to x
 */
export function buildTrainedNormalization(
  graph: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
  centred?: CentredImage,
): TrainedNormalization {
  const [x, scale, bias] = inputs;
  if (!x || !scale || !bias) {
    throw new DistilleryError('BAD_FILE', `Node '${node.name}' (BatchNormalization) lacks an input.`);
  }
  const channels = channelsOf(graph, x);
  const { image, mean } = centred ?? centre(graph, channels, x);
  const variance = channels.mean(graph.op('Mul', [image, image]));
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  // One pass over the image, with the statistics of the batch for the running ones.
  const [source, level] = centred ? [image, zeros(graph, dimensionsOf(mean), mean)] : [x, mean];
  const output = graph.op('BatchNormalization', [source, scale, bias, level, variance], { epsilon: float(epsilon) });
  const composite: Composite = {
    inputs: [centred?.image ?? x, scale, bias],
    gradient: (gradient, needs) => {
      const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.scalar(epsilon, x)])]);
      return buildGradients(graph, { channels, centred: image, scale, deviation }, gradient, needs);
    },
  };
  return { output, composite, ...moveStatistics(graph, node, inputs, { mean, variance }) };
}

function centre(graph: Graph, channels: Channels, x: Value): CentredImage {
  const mean = channels.mean(x);
  return { mean, image: graph.op('Sub', [x, channels.spread(mean)]) };
}

/** What the forward pass leaves for the backward pass; all but `centred` have one entry per channel. */
interface Saved {
  readonly channels: Channels;
  readonly centred: Value;
  readonly scale: Value;
  readonly deviation: Value;
}

/**
 * The gradients with respect to x, scale and bias from section 3 of the paper, gathered into as few passes over the images as possible:
 * with c the centred input, s the deviation and n the number of elements of a channel,
 * dx = (g − Σg / n − c · Σ(g · c) / (n · s²)) · scale / s, dscale = Σ(g · c) / s, dbias = Σg. The factor comes last, where a
 * convolution before the normalisation can take it into its kernel.
 */
function buildGradients(
  graph: Graph,
  { channels, centred, scale, deviation }: Saved,
  gradient: Value,
  needs: (index: number) => boolean,
): (Value | undefined)[] {
  const { add, div, mul, neg } = formula(graph);
  const { axes, count, spread } = channels;
  const gradientSum = sumOver(graph, gradient, axes, false);
  const products = sumOver(graph, mul(gradient, centred), axes, false);
  const inputGradient = (): Value => {
    const slope = neg(div(products, mul(mul(deviation, deviation), count)));
    const level = neg(div(gradientSum, count));
    return mul(add(gradient, buildAffine(graph, centred, slope, level)), spread(div(scale, deviation)));
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
  return graph.op('BatchNormalization', [x, slope, level, zero, one], { epsilon: float(0) });
}
