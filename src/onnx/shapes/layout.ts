import { inputOf, intOf, intsOf, misfit } from '../attributes.ts';
import { toNumbers, type Dimension, type Shape } from '../tensor.ts';
import {
  checkedAxis,
  derivedDimension,
  dimensionAt,
  positiveAxis,
  productOf,
  type InferenceContext,
  type NodeSketch,
  type ShapeRule,
} from './rule.ts';

/** New dimensions over the same elements: 0 keeps the dimension (unless `allowzero`), −1 takes what remains. */
const reshape: ShapeRule = ({ node, known }) => {
  const { type, shape } = inputOf(node, 0);
  const target = known(1);
  if (!target) throw misfit(node, 'the new shape is not known before the model runs; fix the size of its inputs');
  const allowZero = intOf(node, 'allowzero', 0) === 1;
  const requested = toNumbers(target);
  if (requested.filter((size) => size === -1).length > 1 || requested.some((size) => size < -1)) {
    throw misfit(node, `[${requested.join(', ')}] is not a shape`);
  }
  const result = requested.map<Dimension>((size, axis) =>
    size === 0 && !allowZero ? dimensionAt(node, shape, axis) : size,
  );
  const inferred = requested.indexOf(-1);
  if (inferred >= 0) {
    const others = result.filter((_, axis) => axis !== inferred);
    result[inferred] = remainingDimension(node, shape, others) ?? derivedDimension(node, inferred);
  }
  const [before, after] = [productOf(shape), productOf(result)];
  if (before !== undefined && after !== undefined && before !== after) {
    throw misfit(node, `${before} elements do not fill the shape [${requested.join(', ')}]`);
  }
  return { results: [{ type, shape: result }] };
};

/** What `shape` holds beside `others`; undefined when that has no name. Equal symbolic dimensions cancel out. */
function remainingDimension(node: NodeSketch, shape: Shape, others: Shape): Dimension | undefined {
  const symbols = shape.filter((dimension) => typeof dimension === 'string');
  for (const other of others) {
    if (typeof other !== 'string') continue;
    const index = symbols.indexOf(other);
    if (index < 0) return undefined;
    symbols.splice(index, 1);
  }
  const total = productOf(shape.filter((dimension) => typeof dimension === 'number')) ?? 1;
  const taken = productOf(others.filter((dimension) => typeof dimension === 'number')) ?? 1;
  const [symbol, ...more] = symbols;
  if (symbol !== undefined) return more.length === 0 && total === taken ? symbol : undefined;
  if (taken === 0) return 0;
  if (total % taken !== 0) throw misfit(node, `${total} elements do not divide by [${others.join(', ')}]`);
  return total / taken;
}

/** A matrix: axes before `axis` by axes from there on. */
const flatten: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const axis = positiveAxis(intOf(node, 'axis', 1), shape.length);
  if (axis < 0 || axis > shape.length) throw misfit(node, `there is no axis ${axis} among ${shape.length}`);
  const merged = (dimensions: Shape, index: number): Dimension => {
    const others = dimensions.filter((dimension) => dimension !== 1);
    const [only] = others;
    return productOf(others) ?? (others.length === 1 && only !== undefined ? only : derivedDimension(node, index));
  };
  return { results: [{ type, shape: [merged(shape.slice(0, axis), 0), merged(shape.slice(axis), 1)] }] };
};

const transpose: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const order = intsOf(node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
  if ([...order].sort((a, b) => a - b).join() !== [...shape.keys()].join()) {
    throw misfit(node, `perm [${order.join(', ')}] is not an order of ${shape.length} axes`);
  }
  return { results: [{ type, shape: order.map((axis) => dimensionAt(node, shape, axis)) }] };
};

const squeeze: ShapeRule = (context) => {
  const { node } = context;
  const { type, shape } = inputOf(node, 0);
  const given = axesInput(context);
  const axes = new Set(
    given
      ? given.map((axis) => checkedAxis(node, axis, shape.length))
      : [...shape.keys()].filter((axis) => shape[axis] === 1),
  );
  for (const axis of axes) {
    if (typeof shape[axis] === 'number' && shape[axis] !== 1) {
      throw misfit(node, `axis ${axis} has ${shape[axis]} elements and cannot be squeezed`);
    }
  }
  return { results: [{ type, shape: shape.filter((_, axis) => !axes.has(axis)) }] };
};

const unsqueeze: ShapeRule = (context) => {
  const { node } = context;
  const { type, shape } = inputOf(node, 0);
  const given = axesInput(context);
  if (!given) throw misfit(node, 'the axes are missing');
  const rank = shape.length + given.length;
  const axes = new Set(given.map((axis) => checkedAxis(node, axis, rank)));
  if (axes.size !== given.length) throw misfit(node, `the axes [${given.join(', ')}] repeat`);
  const rest = [...shape];
  const result = Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (rest.shift() ?? 1)));
  return { results: [{ type, shape: result }] };
};

/** The axes in input 1. @throws DistilleryError when they are not known. */
function axesInput({ node, known }: InferenceContext): number[] | undefined {
  if (!node.inputs[1]) return undefined;
  const axes = known(1);
  if (!axes) throw misfit(node, 'the axes are not a constant');
  return toNumbers(axes);
}

/** Channels to pixels: [N, C, H, W] to [N, C / b², H·b, W·b]. */
const depthToSpace: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const block = intOf(node, 'blocksize', 1);
  const [batch, channels, height, width] = imageDimensions(node, shape);
  if (typeof channels === 'number' && channels % block ** 2 !== 0) {
    throw misfit(node, `${channels} channels do not divide by ${block}²`);
  }
  const scaled = [height, width].map((size, axis) => times(node, size, block, axis + 2));
  return { results: [{ type, shape: [batch, times(node, channels, 1 / block ** 2, 1), ...scaled] }] };
};

/** Pixels to channels: [N, C, H, W] to [N, C·b², H / b, W / b]. */
const spaceToDepth: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const block = intOf(node, 'blocksize', 1);
  const [batch, channels, height, width] = imageDimensions(node, shape);
  for (const size of [height, width]) {
    if (typeof size === 'number' && size % block !== 0) throw misfit(node, `${size} does not divide by ${block}`);
  }
  const scaled = [height, width].map((size, axis) => times(node, size, 1 / block, axis + 2));
  return { results: [{ type, shape: [batch, times(node, channels, block ** 2, 1), ...scaled] }] };
};

function imageDimensions(node: NodeSketch, shape: Shape): [Dimension, Dimension, Dimension, Dimension] {
  const [batch, channels, height, width] = shape;
  if (
    batch === undefined ||
    channels === undefined ||
    height === undefined ||
    width === undefined ||
    shape.length > 4
  ) {
    throw misfit(node, 'the input must have four axes');
  }
  return [batch, channels, height, width];
}

function times(node: NodeSketch, size: Dimension, factor: number, axis: number): Dimension {
  return typeof size === 'number' ? Math.round(size * factor) : derivedDimension(node, axis);
}

export const layoutRules: Readonly<Record<string, ShapeRule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
