import { DistilleryError } from '../../errors.ts';
import { floatOf, inputOf, intOf, intsOf, misfit, textOf } from '../attributes.ts';
import { int, ints, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { floatTensor, intTensor, toNumbers } from '../tensor.ts';
import type { StoredNode, Upgrade } from './step.ts';

function sizeAt(node: StoredNode, value: Value, axis: number): number {
  const size = value.shape[axis];
  if (typeof size !== 'number') throw misfit(node, `dimension ${axis} of '${value.name}' must be known`);
  return size;
}

/** Arithmetic with numbers that take the type of the value. */
function arithmetic(graph: Graph) {
  const binary = (operator: string) => (value: Value, other: Value | number) =>
    graph.op(operator, [value, typeof other === 'number' ? graph.scalar(other, value) : other]);
  return { add: binary('Add'), sub: binary('Sub'), mul: binary('Mul'), min: binary('Min'), max: binary('Max') };
}

/** One axis of an image that is sampled: where between its pixels, for every sample [B, P]. */
interface SampledAxis {
  readonly size: number;
  readonly at: Value;
}

/**
 * `GridSample` of images [B, C, H, W] at points [B, H′, W′, 2] (Jaderberg et al., arXiv 1506.02025), bilinear or the nearest pixel: the
 * pixels around each point, weighted; what lies outside is zero or the border.
 */
const gridSample: Upgrade = (graph, node) => {
  const [x, grid] = [inputOf(node, 0), inputOf(node, 1)];
  const mode = textOf(node, 'mode', 'linear');
  const outside = textOf(node, 'padding_mode', 'zeros');
  const isNearest = mode === 'nearest';
  const isKnown = isNearest || mode === 'linear' || mode === 'bilinear';
  if (x.shape.length !== 4 || !isKnown || (outside !== 'zeros' && outside !== 'border')) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (GridSample): mode '${mode}' with padding '${outside}' of ${x.shape.length - 2} axes is not supported.`,
      {
        hint: "Export the model with mode 'bilinear' or 'nearest', padding 'zeros' or 'border', and images of two axes.",
      },
    );
  }
  const { add, sub, mul, min, max } = arithmetic(graph);
  const isAligned = intOf(node, 'align_corners', 0) === 1;
  const [channels, high, wide] = [sizeAt(node, x, 1), sizeAt(node, grid, 1), sizeAt(node, grid, 2)];
  /** Coordinates −1 … 1 as places among pixels. */
  const axisOf = (axis: 2 | 3): SampledAxis => {
    const size = sizeAt(node, x, axis);
    const coordinate = graph.op('Gather', [grid, graph.constant(intTensor(3 - axis))], { axis: int(3) });
    const flat = graph.op('Reshape', [coordinate, graph.integers([0, high * wide])]);
    const place = isAligned ? mul(add(flat, 1), (size - 1) / 2) : sub(mul(add(flat, 1), size / 2), 0.5);
    return { size, at: outside === 'border' ? min(max(place, 0), size - 1) : place };
  };
  const [rows, columns] = [axisOf(2), axisOf(3)];
  const pixels = graph.op('Reshape', [x, graph.integers([0, channels, rows.size * columns.size])]);
  /** Neighbours of the point along an axis, each with its weight, which is zero outside the image. */
  const neighbours = ({ size, at }: SampledAxis) => {
    const inside = (place: Value): Value => min(max(place, 0), size - 1);
    const visible = (place: Value, weight: Value | undefined): Value => {
      const isInside = graph.op('Cast', [graph.op('Equal', [place, inside(place)])], { to: int(1) });
      return weight ? graph.op('Mul', [weight, isInside]) : isInside;
    };
    if (isNearest) {
      const place = graph.op('Round', [at]);
      return [{ place: inside(place), weight: visible(place, undefined) }];
    }
    const first = graph.op('Floor', [at]);
    const second = add(first, 1);
    const share = graph.op('Sub', [at, first]);
    const rest = graph.op('Sub', [graph.scalar(1, share), share]);
    return [
      { place: inside(first), weight: visible(first, rest) },
      { place: inside(second), weight: visible(second, share) },
    ];
  };
  /** [B, P] for every channel. */
  const spread = graph.constant({ type: 'int64', shape: [1, channels, 1], data: new BigInt64Array(channels) });
  const terms = neighbours(rows).flatMap((row) =>
    neighbours(columns).map((column) => {
      const position = graph.op('Add', [mul(row.place, columns.size), column.place]);
      const index = graph.op('Unsqueeze', [graph.op('Cast', [position], { to: int(7) }), graph.integers([1])]);
      const taken = graph.op('GatherElements', [pixels, graph.op('Add', [index, spread])], { axis: int(2) });
      const weight = graph.op('Unsqueeze', [graph.op('Mul', [row.weight, column.weight]), graph.integers([1])]);
      return graph.op('Mul', [taken, weight]);
    }),
  );
  const sum = terms.reduce((total, term) => graph.op('Add', [total, term]));
  return { ...node, operator: 'Reshape', inputs: [sum, graph.integers([0, channels, high, wide])], attributes: {} };
};

/** `AffineGrid`: the points of a grid between −1 and 1, under an affine map for each image [B, 2, 3]. */
const affineGrid: Upgrade = (graph, node) => {
  const [map, size] = [inputOf(node, 0), inputOf(node, 1)];
  const known = graph.known.get(size.name) ?? graph.initializers.get(size.name);
  const sizes = known ? toNumbers(known) : [];
  const [, , high, wide] = sizes;
  if (sizes.length !== 4 || high === undefined || wide === undefined) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (AffineGrid): only grids of two axes of known size are supported.`,
      {
        hint: 'Export the model for images of a fixed size.',
      },
    );
  }
  const isAligned = intOf(node, 'align_corners', 0) === 1;
  const place = (at: number, count: number): number =>
    isAligned ? (count === 1 ? 0 : (2 * at) / (count - 1) - 1) : (2 * at + 1) / count - 1;
  const points = Array.from({ length: high * wide }, (_, at) => [
    place(at % wide, wide),
    place(Math.floor(at / wide), high),
    1,
  ]);
  const base = graph.constant(floatTensor(points.flat(), [1, high * wide, 3]));
  const turned = graph.op('Transpose', [map], { perm: ints([0, 2, 1]) });
  const product = graph.op('MatMul', [base, turned]);
  return { ...node, operator: 'Reshape', inputs: [product, graph.integers([0, high, wide, 2])], attributes: {} };
};

/** `Col2Im` of two axes: the patches that a convolution's windows see, added where they lie; a transposed convolution whose kernels hold one 1. */
const columnsToImage: Upgrade = (graph, node) => {
  const [columns, ...given] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
  const [image, block] = given.map((value) => {
    const known = graph.known.get(value.name) ?? graph.initializers.get(value.name);
    return known ? toNumbers(known) : [];
  });
  const [high, wide] = image ?? [];
  const [rows, across] = block ?? [];
  if (image?.length !== 2 || high === undefined || wide === undefined || rows === undefined || across === undefined) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (Col2Im): only images of two axes of known size are supported.`,
      {
        hint: 'Export the model for images of a fixed size.',
      },
    );
  }
  const [dilations, strides] = [intsOf(node, 'dilations') ?? [1, 1], intsOf(node, 'strides') ?? [1, 1]];
  const pads = intsOf(node, 'pads') ?? [0, 0, 0, 0];
  const area = rows * across;
  const channels = sizeAt(node, columns, 1) / area;
  const counts = [high, wide].map((size, axis) => {
    const window = (dilations[axis] ?? 1) * ((block?.[axis] ?? 1) - 1) + 1;
    const room = size + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0) - window;
    return { count: Math.floor(room / (strides[axis] ?? 1)) + 1, left: room % (strides[axis] ?? 1) };
  });
  const patches = graph.op('Reshape', [
    columns,
    graph.integers([0, channels * area, ...counts.map(({ count }) => count)]),
  ]);
  const kernel = new Float32Array(channels * area * area);
  for (let at = 0; at < channels * area; at++) kernel[at * area + (at % area)] = 1;
  const kernels = graph.constant(floatTensor(kernel, [channels * area, 1, rows, across]));
  return {
    ...node,
    operator: 'ConvTranspose',
    inputs: [patches, kernels],
    attributes: {
      group: int(channels),
      ...{ dilations: ints(dilations), strides: ints(strides), pads: ints(pads) },
      output_padding: ints(counts.map(({ left }) => left)),
    },
  };
};

/** `LRN`: x / (bias + α / size · Σ x²)^β, the sum over neighbouring channels (Krizhevsky et al. 2012). */
const localResponse: Upgrade = (graph, node) => {
  const x = inputOf(node, 0);
  const size = intOf(node, 'size', 1);
  const channels = sizeAt(node, x, 1);
  const { add, mul } = arithmetic(graph);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const axis = graph.integers([1]);
  const square = graph.op('Mul', [x, x]);
  const padded = graph.op('Pad', [square, graph.integers([before, after]), undefined, axis]);
  const shifted = Array.from({ length: size }, (_, start) =>
    graph.op('Slice', [padded, graph.integers([start]), graph.integers([start + channels]), axis]),
  );
  const sum = shifted.reduce((total, term) => graph.op('Add', [total, term]));
  const base = add(mul(sum, floatOf(node, 'alpha', 1e-4) / size), floatOf(node, 'bias', 1));
  const power = graph.op('Pow', [base, graph.scalar(floatOf(node, 'beta', 0.75), x)]);
  return { ...node, operator: 'Div', inputs: [x, power], attributes: {} };
};

/** `Shrink`: x + bias below −λ, x − bias above λ, 0 between. */
const shrink: Upgrade = (graph, node) => {
  const x = inputOf(node, 0);
  const { add, sub } = arithmetic(graph);
  const [limit, bias] = [floatOf(node, 'lambd', 0.5), floatOf(node, 'bias', 0)];
  const zero = graph.scalar(0, x);
  const isAbove = graph.op('Greater', [x, graph.scalar(limit, x)]);
  const isBelow = graph.op('Less', [x, graph.scalar(-limit, x)]);
  const below = graph.op('Where', [isBelow, add(x, bias), zero]);
  return { ...node, operator: 'Where', inputs: [isAbove, sub(x, bias), below], attributes: {} };
};

/** Operators on images and what is beside them, by key; see `composites`. */
export const samplingComposites: Readonly<Record<string, Upgrade>> = {
  AffineGrid: affineGrid,
  Col2Im: columnsToImage,
  GridSample: gridSample,
  LRN: localResponse,
  Shrink: shrink,
};
