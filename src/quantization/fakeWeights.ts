import { fakeQuantize } from '../onnx/fakeQuantize.ts';
import { dimensionsOf, int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { LARGEST_WEIGHT, type WeightBits } from './quantizeWeight.ts';
import { LARGEST_BIAS } from './staticInt8.ts';

/** Where a channel is all zeros, any scale does. */
const SMALLEST_SCALE = 1e-20;

/**
 * The scales that `quantizeWeight` would choose for a weight as it is, one for each channel, computed in the graph.
 *
 * @param inputScale of what the weight is multiplied by
 * @returns the scale in a shape that the weight can be divided by, and its integers
 */
export function observedWeightScale(
  graph: Graph,
  weight: Value,
  channelAxis: number,
  {
    bits,
    bias,
    inputScale,
  }: { readonly bits: WeightBits; readonly bias: Value | undefined; readonly inputScale: Value },
): { readonly scale: Value; readonly levels: { readonly lowest: number; readonly highest: number } } {
  const most = LARGEST_WEIGHT[bits];
  const shape = dimensionsOf(weight);
  const others = shape.flatMap((_, axis) => (axis === channelAxis ? [] : [axis]));
  const largest = graph.op('ReduceMax', [graph.op('Abs', [weight]), graph.integers(others)], { keepdims: int(1) });
  const perChannel = graph.integers(shape.map((size, axis) => (axis === channelAxis ? size : 1)));
  const smallest = bias && [
    graph.op('Div', [
      graph.op('Reshape', [graph.op('Abs', [bias]), perChannel]),
      graph.op('Mul', [inputScale, graph.scalar(LARGEST_BIAS)]),
    ]),
  ];
  const scale = graph.op('Max', [
    graph.op('Div', [largest, graph.scalar(most)]),
    ...(smallest ?? []),
    graph.scalar(SMALLEST_SCALE),
  ]);
  return { scale, levels: { lowest: -most, highest: most } };
}

/** A bias as int32 leaves it, whose scale is that of the products that it is added to. */
export function roundedBias(graph: Graph, bias: Value, weightScale: Value, inputScale: Value): Value {
  const scale = graph.op('Mul', [graph.op('Reshape', [weightScale, graph.integers(dimensionsOf(bias))]), inputScale]);
  return fakeQuantize(graph, bias, scale, { lowest: -(2 ** 31), highest: 2 ** 31, scale: 'observed' });
}
