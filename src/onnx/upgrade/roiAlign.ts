import { DistilleryError } from '../../errors.ts';
import { floatOf, inputOf, intOf, misfit, textOf } from '../attributes.ts';
import { int, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { floatTensor, intTensor } from '../tensor.ts';
import { arithmetic, inside, linearTaps, sumOfTaps, type Tap } from './sampledPixels.ts';
import type { Upgrade } from './step.ts';

/**
 * `RoiAlign` (He et al., arXiv 1703.06870): every region is divided into cells, in each of which as many points along either axis as the sampling ratio says
 * are read between pixels and averaged. Before opset 16 regions were half a pixel off.
 */
export const roiAlign: Upgrade = (graph, node, opset) => {
  const [x, regions, images] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const ratio = intOf(node, 'sampling_ratio', 0);
  const mode = textOf(node, 'mode', 'avg');
  if (ratio <= 0 || mode !== 'avg') {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (RoiAlign): ${mode === 'avg' ? 'a sampling ratio that follows the size of a region' : `mode '${mode}'`} is not supported.`,
      { hint: "Export the model with mode 'avg' and a sampling_ratio of at least 1, such as 2." },
    );
  }
  const [, channels, high, wide] = x.shape;
  if (typeof channels !== 'number' || typeof high !== 'number' || typeof wide !== 'number') {
    throw misfit(node, 'channels and size of the images must be known');
  }
  const { add, sub, mul, max } = arithmetic(graph);
  const [rows, columns] = [intOf(node, 'output_height', 1), intOf(node, 'output_width', 1)];
  const isHalf =
    textOf(node, 'coordinate_transformation_mode', opset < 16 ? 'output_half_pixel' : 'half_pixel') === 'half_pixel';
  const scaled = mul(regions, floatOf(node, 'spatial_scale', 1));
  const corners = isHalf ? sub(scaled, 0.5) : scaled;
  /** Places of the points along an axis, [regions, cells · ratio]. */
  const placesAlong = (axis: 0 | 1, cells: number): Value => {
    const corner = (index: number): Value =>
      graph.op('Gather', [corners, graph.constant(intTensor([index]))], { axis: int(1) });
    const [start, end] = [corner(axis), corner(axis + 2)];
    const length = isHalf ? sub(end, start) : max(sub(end, start), 1);
    const shares = Float32Array.from({ length: cells * ratio }, (_, point) => (point + 0.5) / (cells * ratio));
    return add(start, graph.op('Mul', [length, graph.constant(floatTensor(shares, [1, shares.length]))]));
  };
  const [across, down] = [placesAlong(0, columns), placesAlong(1, rows)];
  /** Every row with every column, as one list of points. */
  const points = (list: Value, axis: 1 | 2): Value => {
    const turned = graph.op('Unsqueeze', [list, graph.integers([axis])]);
    const repeats = axis === 2 ? [1, 1, columns * ratio] : [1, rows * ratio, 1];
    return graph.op('Reshape', [graph.op('Tile', [turned, graph.integers(repeats)]), graph.integers([0, -1])]);
  };
  const own = graph.op('Gather', [x, images], { axis: int(0) });
  const pixels = graph.op('Reshape', [own, graph.integers([0, channels, high * wide])]);
  const taken = sumOfTaps(
    graph,
    { pixels, channels, width: wide },
    taps(graph, points(down, 2), high),
    taps(graph, points(across, 1), wide),
  );
  const cells = graph.op('Reshape', [taken, graph.integers([0, channels, rows, ratio, columns, ratio])]);
  return {
    ...node,
    operator: 'ReduceMean',
    inputs: [cells, graph.integers([3, 5])],
    attributes: { keepdims: int(0) },
  };
};

/** Points up to a pixel outside belong to the border, and what is further away is zero. */
function taps(graph: Graph, at: Value, size: number): Tap[] {
  const isOutside = graph.op('Or', [
    graph.op('Less', [at, graph.scalar(-1, at)]),
    graph.op('Greater', [at, graph.scalar(size, at)]),
  ]);
  const counts = graph.op('Cast', [graph.op('Not', [isOutside])], { to: int(1) });
  return linearTaps(graph, inside(graph, at, size)).map(({ place, weight }) => ({
    place: inside(graph, place, size),
    weight: graph.op('Mul', [weight, counts]),
  }));
}
