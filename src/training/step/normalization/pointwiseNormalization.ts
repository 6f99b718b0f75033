import { DistilleryError } from '../../../errors.ts';
import { formula } from '../../../autodiff/formula.ts';
import { reshape, sumOver, transpose } from '../../../autodiff/layout.ts';
import type { Composite } from '../../../autodiff/rule.ts';
import { kernelGradient } from '../../../autodiff/rules/kernelGradient.ts';
import { floatOf, intOf } from '../../../onnx/attributes.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import { windowOf } from '../../../onnx/window.ts';
import type { TrainedNormalization } from './batchNormalization.ts';
import { channelsOf, moveStatistics } from './statistics.ts';

/** So many times as many filters as input channels there must be at least. */
const leastExpansion = 2;

/** Operations more for each number of the output, whose passes they save: products with the input's covariance and by its channels. */
const mostOperations = 60;

/** Whether a convolution looks at one position at a time, makes many channels of few, and it pays to join it with what normalises them. */
export function isPointwiseExpansion(convolution: Node): boolean {
  const [x, weights] = convolution.inputs;
  if (convolution.operator !== 'Conv' || convolution.domain !== '' || !x || !weights) return false;
  const [filters = 1, channels = 1, ...kernel] = dimensionsOf(weights);
  const { strides, padsBegin, padsEnd } = windowOf(convolution, x.shape.slice(2), kernel);
  const count = elementCount(dimensionsOf(x)) / channels;
  return (
    intOf(convolution, 'group', 1) === 1 &&
    [...kernel, ...strides].every((size) => size === 1) &&
    [...padsBegin, ...padsEnd].every((size) => size === 0) &&
    filters >= leastExpansion * channels &&
    4 * channels ** 2 * (filters + count) <= mostOperations * filters * count
  );
}

/**
 * A convolution of one entry and the batch normalisation behind it as one, which never looks at the wide image between them. With x the
 * convolution's input without its mean, W [M, C] its weights and n the number of elements of a channel, y = W x has mean 0, the covariance
 * of x is K = Σ x xᵀ / n, [C, C], and so
 *
 * - the variance of y is diag(W K Wᵀ) and its deviation s = √(variance + ε);
 * - the output is W′ x + bias, with W′ = diag(scale / s) W: the normalisation is part of the convolution.
 *
 * Backward, with g the output's gradient, G = Σg and P = Σ g xᵀ, [M, C], the gradient of a kernel: since Σ g y = diag(P Wᵀ) =: D, what is
 * known of a normalisation (y's gradient is (g − G / n − y · D / (n s²)) · scale / s) becomes
 *
 * - dbias = G, dscale = D / s, dW = diag(scale / s) (P − diag(D / s²) W K), as Σ x = 0;
 * - dx = W′ᵀ g − W′ᵀ diag(D / (n s²)) W x − W′ᵀ G / n: a convolution of g, and one of the narrow x with [C, C] weights and a bias.
 *
 * @param inputs of the normalisation
 * @param convolution what made its first input, which nobody else reads (`isPointwiseExpansion`)
 */
export function buildPointwiseNormalization(
  graph: Graph,
  node: Node,
  inputs: readonly (Value | undefined)[],
  convolution: Node,
): TrainedNormalization {
  const [, scale, bias] = inputs;
  const [given, weights, ownBias] = convolution.inputs;
  if (!given || !weights || !scale || !bias) {
    throw new DistilleryError('BAD_FILE', `Node '${node.name}' (BatchNormalization) lacks an input.`);
  }
  const { add, div, max, mul, neg, sqrt, sub } = formula(graph);
  const [filters = 1, channels = 1, ...kernel] = dimensionsOf(weights);
  const { axes, count, mean, spread } = channelsOf(graph, given);
  const window = windowOf(convolution, given.shape.slice(2), kernel);
  const convolve = (image: Value, matrix: Value, summand?: Value): Value => {
    const shaped = reshape(graph, matrix, [...dimensionsOf(matrix), ...kernel]);
    return graph.op('Conv', [image, shaped, ...(summand ? [summand] : [])], {
      group: int(1),
      kernel_shape: ints(kernel),
    });
  };
  /** Σ image xᵀ over batch and positions. */
  const correlate = (image: Value): Value => {
    const products = kernelGradient(graph, { large: x, small: image, window, groups: 1 });
    return reshape(graph, products, dimensionsOf(products).slice(0, 2));
  };
  const multiply = (left: Value, right: Value): Value => graph.op('MatMul', [left, right]);
  const rowSums = (matrix: Value): Value => sumOver(graph, matrix, [1], false);
  const column = (numbers: Value): Value => reshape(graph, numbers, [filters, 1]);
  /** diag(numbers) · matrix. */
  const scaleRows = (matrix: Value, numbers: Value): Value => mul(matrix, column(numbers));

  const inputMean = mean(given);
  const x = graph.op('Sub', [given, spread(inputMean)]);
  const matrix = reshape(graph, weights, [filters, channels]);
  const spreadOut = multiply(matrix, div(correlate(x), count));
  // Rounding may leave less than nothing where nothing varies.
  const variance = max(rowSums(mul(spreadOut, matrix)), 0);
  const deviation = sqrt(add(variance, floatOf(node, 'epsilon', 1e-5)));
  const factors = div(scale, deviation);
  const folded = scaleRows(matrix, factors);
  const output = convolve(x, folded, bias);

  const outputMean = reshape(graph, multiply(matrix, reshape(graph, inputMean, [channels, 1])), [filters]);
  const statistics = { mean: ownBias ? add(outputMean, ownBias) : outputMean, variance };
  const composite: Composite = {
    inputs: [given, weights, scale, bias],
    gradient: (gradient, needs) => {
      const total = sumOver(graph, gradient, axes, false);
      const products = correlate(gradient);
      const along = rowSums(mul(products, matrix));
      const slope = div(along, mul(deviation, deviation));
      const weightGradient = (): Value => {
        const ofMatrix = scaleRows(sub(products, scaleRows(spreadOut, slope)), factors);
        return reshape(graph, ofMatrix, dimensionsOf(weights));
      };
      const inputGradient = (): Value => {
        const back = transpose(graph, folded, [1, 0]);
        const ofPlace = multiply(back, neg(scaleRows(matrix, div(slope, count))));
        const level = reshape(graph, multiply(back, neg(column(div(total, count)))), [channels]);
        return add(convolve(gradient, back), convolve(x, ofPlace, level));
      };
      return [
        needs(0) ? inputGradient() : undefined,
        needs(1) ? weightGradient() : undefined,
        needs(2) ? div(along, deviation) : undefined,
        needs(3) ? total : undefined,
      ];
    },
  };
  return { output, composite, ...moveStatistics(graph, node, inputs, statistics) };
}
