import { DistilleryError } from '../../errors.ts';
import { floatOf, inputOf, intOf, intsOf, misfit } from '../attributes.ts';
import { int, ints } from '../graph.ts';
import type { Value } from '../node.ts';
import { floatTensor, toNumbers } from '../tensor.ts';
import { gridSample } from './gridSample.ts';
import { roiAlign } from './roiAlign.ts';
import { arithmetic } from './sampledPixels.ts';
import type { StoredNode, Upgrade } from './step.ts';

function sizeAt(node: StoredNode, value: Value, axis: number): number {
  const size = value.shape[axis];
  if (typeof size !== 'number') throw misfit(node, `dimension ${axis} of '${value.name}' must be known`);
  return size;
}

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

/** `GlobalLpPool`: the p-norm of every channel. */
const globalNorm: Upgrade = (graph, node) => {
  const x = inputOf(node, 0);
  const p = intOf(node, 'p', 2);
  const axes = graph.integers(x.shape.slice(2).map((_, axis) => axis + 2));
  if (p === 2) return { ...node, operator: 'ReduceL2', inputs: [x, axes], attributes: { keepdims: int(1) } };
  const powers = graph.op('Pow', [graph.op('Abs', [x]), graph.scalar(p, x)]);
  const sum = graph.op('ReduceSum', [powers, axes], { keepdims: int(1) });
  return { ...node, operator: 'Pow', inputs: [sum, graph.scalar(1 / p, x)], attributes: {} };
};

/** Operators on images and what is beside them, by key; see `composites`. */
export const samplingComposites: Readonly<Record<string, Upgrade>> = {
  AffineGrid: affineGrid,
  Col2Im: columnsToImage,
  GlobalLpPool: globalNorm,
  GridSample: gridSample,
  LRN: localResponse,
  RoiAlign: roiAlign,
  Shrink: shrink,
};
