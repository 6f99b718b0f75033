import { floatOf, inputOf, intOf } from '../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { sumToShape } from '../broadcast.ts';
import { formula } from '../formula.ts';
import { meanOver, reshape, sumOver } from '../layout.ts';
import { firstOutputGradient, type GradientContext, type GradientRule } from '../rule.ts';

/** A normalised value and the way back through the normalisation. */
interface Normalized {
  /** x̂: the elements over their deviation (layer) or root mean square. */
  readonly normal: Value;
  /** Turns the gradient with respect to x̂ into the one with respect to x. */
  readonly back: (gradient: Value) => Value;
}

/**
 * x̂ = (x − mean) / √(variance + ε) over some axes, or x / √(mean x² + ε) when not `centred`; computed again because the
 * statistics are no outputs of the forward node. Back: (h − mean h − x̂ · mean(h · x̂)) / deviation, without the first
 * mean when not centred.
 */
function normalize(graph: Graph, x: Value, axes: readonly number[], epsilon: number, centred: boolean): Normalized {
  const { add, div, mul, sqrt, square, sub } = formula(graph);
  const shifted = centred ? sub(x, meanOver(graph, x, axes)) : x;
  const inverse = div(1, sqrt(add(meanOver(graph, square(shifted), axes), epsilon)));
  const normal = mul(shifted, inverse);
  return {
    normal,
    back: (h) => {
      const along = mul(normal, meanOver(graph, mul(h, normal), axes));
      return mul(inverse, sub(centred ? sub(h, meanOver(graph, h, axes)) : h, along));
    },
  };
}

/** Layer (Ba et al., arXiv 1607.06450) and root-mean-square normalisation (arXiv 1910.07467) over the last axes. */
const lastAxes =
  (centred: boolean): GradientRule =>
  (context) => {
    const { graph, node, needs } = context;
    const { mul } = formula(graph);
    const g = firstOutputGradient(context);
    const x = inputOf(node, 0);
    const scale = inputOf(node, 1);
    const rank = x.shape.length;
    const axis = intOf(node, 'axis', -1);
    const axes = Array.from({ length: rank }, (_, index) => index).slice(axis < 0 ? axis + rank : axis);
    const { normal, back } = normalize(graph, x, axes, floatOf(node, 'epsilon', 1e-5), centred);
    return [
      needs(0) ? back(mul(g, scale)) : undefined,
      needs(1) ? sumToShape(graph, mul(g, normal), scale) : undefined,
      needs(2) ? sumToShape(graph, g, inputOf(node, 2)) : undefined,
    ];
  };

/** Normalisation of each group of channels over its channels and all positions, with a scale and bias per channel. */
const channelGroups =
  (groupsOf: (context: GradientContext, channels: number) => number): GradientRule =>
  (context) => {
    const { graph, node, needs } = context;
    const { mul } = formula(graph);
    const g = firstOutputGradient(context);
    const x = inputOf(node, 0);
    const sizes = dimensionsOf(x);
    const [batch = 1, channels = 1] = sizes;
    const others = sizes.map((_, axis) => axis).filter((axis) => axis !== 1);
    const scale = reshape(graph, inputOf(node, 1), [channels, ...sizes.slice(2).map(() => 1)]);
    const grouped = (value: Value) => reshape(graph, value, [batch, groupsOf(context, channels), -1]);
    const { normal, back } = normalize(graph, grouped(x), [2], floatOf(node, 'epsilon', 1e-5), true);
    return [
      needs(0) ? reshape(graph, back(grouped(mul(g, scale))), sizes) : undefined,
      needs(1) ? sumOver(graph, mul(g, reshape(graph, normal, sizes)), others, false) : undefined,
      needs(2) ? sumOver(graph, g, others, false) : undefined,
    ];
  };

export const layerNormalizationRules: Readonly<Record<string, GradientRule>> = {
  LayerNormalization: lastAxes(true),
  RMSNormalization: lastAxes(false),
  SimplifiedLayerNormalization: lastAxes(false),
  GroupNormalization: channelGroups(({ node }) => intOf(node, 'num_groups', 1)),
  InstanceNormalization: channelGroups((_context, channels) => channels),
};
