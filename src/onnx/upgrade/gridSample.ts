import { DistilleryError } from '../../errors.ts';
import { inputOf, intOf, misfit, textOf } from '../attributes.ts';
import { int, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { intTensor } from '../tensor.ts';
import { arithmetic, inside, linearTaps, sumOfTaps, type Tap } from './sampledPixels.ts';
import type { StoredNode, Upgrade } from './step.ts';

/** The parameter of the cubic kernel, which ONNX fixes (Keys 1981). */
const CUBIC = -0.75;

const OUTSIDE = ['zeros', 'border', 'reflection'] as const;
type Outside = (typeof OUTSIDE)[number];

/** One axis of an image, and the places of the points on it. */
interface SampledAxis {
  readonly size: number;
  readonly at: Value;
  readonly isAligned: boolean;
}

/**
 * `GridSample` of images [B, C, H, W] at points [B, H′, W′, 2] (Jaderberg et al., arXiv 1506.02025), bilinear, bicubic or the nearest pixel: the
 * pixels around each point, weighted; what lies outside is zero, the border or mirrored.
 */
export const gridSample: Upgrade = (graph, node) => {
  const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
  const mode = textOf(node, 'mode', 'linear').replace(/^bi/, '');
  const outside = OUTSIDE.find((each) => each === textOf(node, 'padding_mode', 'zeros'));
  if (x.shape.length !== 4 || !['nearest', 'linear', 'cubic'].includes(mode) || !outside) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (GridSample): mode '${mode}' of ${x.shape.length - 2} axes is not supported.`,
      { hint: 'Export the model for images of two axes.' },
    );
  }
  const { add, sub, mul } = arithmetic(graph);
  const isAligned = intOf(node, 'align_corners', 0) === 1;
  const [channels, high, wide] = [sizeAt(node, x, 1), sizeAt(node, grid, 1), sizeAt(node, grid, 2)];
  /** Coordinates −1 … 1 as places among pixels. */
  const axisOf = (axis: 2 | 3): SampledAxis => {
    const size = sizeAt(node, x, axis);
    const coordinate = graph.op('Gather', [grid, graph.constant(intTensor(3 - axis))], { axis: int(3) });
    const flat = graph.op('Reshape', [coordinate, graph.integers([0, high * wide])]);
    const at = isAligned ? mul(add(flat, 1), (size - 1) / 2) : sub(mul(add(flat, 1), size / 2), 0.5);
    return { size, at, isAligned };
  };
  const [rows, columns] = [axisOf(2), axisOf(3)];
  const pixels = graph.op('Reshape', [x, graph.integers([0, channels, rows.size * columns.size])]);
  const taps = (axis: SampledAxis): Tap[] =>
    mode === 'cubic' ? cubicTaps(graph, axis, outside) : nearTaps(graph, axis, outside, mode === 'nearest');
  const sum = sumOfTaps(graph, { pixels, channels, width: columns.size }, taps(rows), taps(columns));
  return { ...node, operator: 'Reshape', inputs: [sum, graph.integers([0, channels, high, wide])], attributes: {} };
};

function sizeAt(node: StoredNode, value: Value, axis: number): number {
  const size = value.shape[axis];
  if (typeof size !== 'number') throw misfit(node, `dimension ${axis} of '${value.name}' must be known`);
  return size;
}

/** Pixels at places; outside the image they count nothing, or others stand for them. */
function tapAt(graph: Graph, { size, isAligned }: SampledAxis, outside: Outside, { place, weight }: Tap): Tap {
  const within = inside(graph, outside === 'reflection' ? reflect(graph, place, size, isAligned) : place, size);
  if (outside !== 'zeros') return { place: within, weight };
  const isInside = graph.op('Cast', [graph.op('Equal', [place, within])], { to: int(1) });
  return { place: within, weight: weight ? graph.op('Mul', [weight, isInside]) : isInside };
}

function nearTaps(graph: Graph, axis: SampledAxis, outside: Outside, isNearest: boolean): Tap[] {
  // Points outside are moved before their neighbours are looked for.
  const moved = outside === 'reflection' ? reflect(graph, axis.at, axis.size, axis.isAligned) : axis.at;
  const at = outside === 'zeros' ? axis.at : inside(graph, moved, axis.size);
  const taps = isNearest ? [{ place: graph.op('Round', [at]), weight: undefined }] : linearTaps(graph, at);
  return taps.map((tap) => tapAt(graph, axis, outside === 'zeros' ? 'zeros' : 'border', tap));
}

/** Four pixels, weighted by the cubic kernel; each that is outside is moved by itself. */
function cubicTaps(graph: Graph, axis: SampledAxis, outside: Outside): Tap[] {
  const { add, sub, mul } = arithmetic(graph);
  const first = graph.op('Floor', [axis.at]);
  const share = sub(axis.at, first);
  const rest = sub(graph.scalar(1, share), share);
  /** (a + 2) d³ − (a + 3) d² + 1, for distances of up to 1. */
  const near = (distance: Value): Value =>
    add(mul(mul(sub(mul(distance, CUBIC + 2), CUBIC + 3), distance), distance), 1);
  /** a (d³ − 5 d² + 8 d − 4), for those of up to 2. */
  const far = (distance: Value): Value => mul(sub(mul(add(mul(sub(distance, 5), distance), 8), distance), 4), CUBIC);
  const weights = [far(add(share, 1)), near(share), near(rest), far(add(rest, 1))];
  return weights.map((weight, index) => tapAt(graph, axis, outside, { place: add(first, index - 1), weight }));
}

/** Places that are mirrored at both ends of an axis until they lie on it: at the middles of the outermost pixels, or at their edges. */
function reflect(graph: Graph, place: Value, size: number, isAligned: boolean): Value {
  const { add, sub, mul, div } = arithmetic(graph);
  const [low, span] = isAligned ? [0, size - 1] : [-0.5, size];
  if (span <= 0) return mul(place, 0);
  const distance = graph.op('Abs', [sub(place, low)]);
  const flips = graph.op('Floor', [div(distance, span)]);
  const extra = sub(distance, mul(flips, span));
  const isOdd = sub(flips, mul(graph.op('Floor', [div(flips, 2)]), 2));
  const direction = sub(graph.scalar(1, isOdd), mul(isOdd, 2));
  return add(add(graph.op('Mul', [extra, direction]), mul(isOdd, span)), low);
}
