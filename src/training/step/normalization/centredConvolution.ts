import { formula } from '../../../autodiff/formula.ts';
import type { Composite } from '../../../autodiff/rule.ts';
import { convolutionRules } from '../../../autodiff/rules/convolution.ts';
import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import type { Node } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { CentredImage } from './batchNormalization.ts';
import { channelsOf } from './statistics.ts';

/** A convolution's output without its mean, and how it is differentiated. */
export interface CentredConvolution extends CentredImage {
  readonly composite: Composite;
}

/** So many times as large as its output a convolution's input may be, to be summed instead of the output being summed and centred. */
const largestInput = 2;

/** Whether a convolution's input is small enough for its output's mean to be computed from it. */
export function hasSmallInput({ operator, domain, inputs, outputs }: Node): boolean {
  const [x] = inputs;
  const [y] = outputs;
  if (operator !== 'Conv' || domain !== '' || !x || !y) return false;
  return elementCount(dimensionsOf(x)) <= largestInput * elementCount(dimensionsOf(y));
}

/**
 * A convolution whose output's channels have mean 0. As it is linear, the mean of its output is that of its output for the mean of the
 * batch, a single sample: so it is known before, and is subtracted as the convolution's bias, without a pass over the output.
 *
 * The gradient with respect to the output is taken to be that of a normalisation, which sums to 0 over each channel: so
 * what would come back through the mean is 0.
 */
export function buildCentredConvolution(graph: Graph, convolution: Node): CentredConvolution | undefined {
  const [x, weights, bias] = convolution.inputs;
  const gradient = convolutionRules['Conv'];
  if (!x || !weights || !gradient) return undefined;
  const { add, div, neg } = formula(graph);
  const { attributes } = convolution;
  const [batch = 1] = dimensionsOf(x);
  const sum = graph.op('ReduceSum', [x, graph.integers([0])], { keepdims: int(1) });
  const ofMean = graph.op('Conv', [div(sum, batch), weights], attributes);
  const mean = channelsOf(graph, ofMean).mean(ofMean);
  const image = graph.op('Conv', [x, weights, neg(mean)], attributes);
  return {
    image,
    mean: bias ? add(mean, bias) : mean,
    composite: {
      inputs: [x, weights],
      gradient: (outputGradient, needs) =>
        gradient({ graph, node: { ...convolution, inputs: [x, weights] }, outputGradients: [outputGradient], needs }),
    },
  };
}
