import { inputOf, intOf, intsOf, misfit, textOf } from '../attributes.ts';
import type { Shape } from '../tensor.ts';
import { perAxis, windowOf, windowPositions } from '../window.ts';
import { derivedDimension, dimensionAt, mayEqual, numericShape, type NodeSketch, type ShapeRule } from './rule.ts';

/** Convolution of [N, C, …] with weights [M, C / groups, …]. */
export const convolution: ShapeRule = ({ node }) => {
  const input = inputOf(node, 0);
  const weights = inputOf(node, 1);
  const { spatial, kernel } = spatialAxes(node, input.shape, weights.shape);
  const groups = intOf(node, 'group', 1);
  const channels = dimensionAt(node, input.shape, 1);
  const channelsPerGroup = dimensionAt(node, weights.shape, 1);
  const filters = dimensionAt(node, weights.shape, 0);
  const expected = typeof channelsPerGroup === 'number' ? channelsPerGroup * groups : channelsPerGroup;
  if (!mayEqual(channels, expected)) {
    throw misfit(node, `the input has ${channels} channels, the weights expect ${expected}`);
  }
  if (typeof filters === 'number' && filters % groups !== 0) {
    throw misfit(node, `${filters} filters do not divide into ${groups} groups`);
  }
  checkBias(node, filters);
  const window = windowOf(node, spatial, kernel);
  const positions = windowPositions(node, window, spatial, { derived: (axis) => derivedDimension(node, axis + 2) });
  return { results: [{ type: input.type, shape: [dimensionAt(node, input.shape, 0), filters, ...positions] }] };
};

/** Transposed convolution of [N, C, …] with weights [C, M / groups, …]. */
const transposedConvolution: ShapeRule = ({ node }) => {
  const input = inputOf(node, 0);
  const weights = inputOf(node, 1);
  const { spatial, kernel } = spatialAxes(node, input.shape, weights.shape);
  const rank = spatial.length;
  const groups = intOf(node, 'group', 1);
  const channels = dimensionAt(node, input.shape, 1);
  if (!mayEqual(channels, weights.shape[0])) {
    throw misfit(node, `the input has ${channels} channels, the weights expect ${dimensionAt(node, weights.shape, 0)}`);
  }
  const filtersPerGroup = dimensionAt(node, weights.shape, 1);
  const filters = typeof filtersPerGroup === 'number' ? filtersPerGroup * groups : filtersPerGroup;
  checkBias(node, filters);
  const strides = perAxis(node, 'strides', rank, 1);
  const dilations = perAxis(node, 'dilations', rank, 1);
  const extra = perAxis(node, 'output_padding', rank, 0);
  const outputShape = intsOf(node, 'output_shape');
  const autoPad = textOf(node, 'auto_pad', 'NOTSET');
  const same = autoPad.startsWith('SAME');
  const pads = same || autoPad === 'VALID' ? undefined : intsOf(node, 'pads');
  const sizes = spatial.map((size, axis) => {
    const fixed = outputShape?.slice(-rank)[axis];
    if (fixed !== undefined) return fixed;
    if (typeof size === 'string') return derivedDimension(node, axis + 2);
    const [stride = 1, dilation = 1, extent = 1] = [strides[axis], dilations[axis], kernel[axis]];
    const unpadded = stride * (size - 1) + (extra[axis] ?? 0) + dilation * (extent - 1) + 1;
    // SAME cuts down to the input times the stride; where the kernel is smaller than the stride, nothing is cut or added.
    if (same) return Math.min(size * stride, unpadded);
    return unpadded - (pads?.[axis] ?? 0) - (pads?.[axis + rank] ?? 0);
  });
  if (sizes.some((size) => typeof size === 'number' && size < 1)) {
    throw misfit(node, `the padding leaves nothing of the output [${sizes.join(', ')}]`);
  }
  return { results: [{ type: input.type, shape: [dimensionAt(node, input.shape, 0), filters, ...sizes] }] };
};

/** The spatial part of a convolution's input and the kernel's sizes. */
function spatialAxes(node: NodeSketch, input: Shape, weights: Shape): { spatial: Shape; kernel: readonly number[] } {
  if (input.length < 3 || weights.length !== input.length) {
    throw misfit(node, 'input and weights must both have a batch, channels and the same spatial axes');
  }
  const stored = numericShape(weights.slice(2));
  if (!stored) throw misfit(node, "the weights' spatial sizes must be known");
  const kernel = intsOf(node, 'kernel_shape') ?? stored;
  if (kernel.join() !== stored.join()) {
    throw misfit(node, `kernel_shape [${kernel.join(', ')}] differs from the weights' [${stored.join(', ')}]`);
  }
  return { spatial: input.slice(2), kernel };
}

function checkBias(node: NodeSketch, filters: string | number): void {
  const bias = node.inputs[2];
  if (bias && (bias.shape.length !== 1 || !mayEqual(bias.shape[0], filters))) {
    throw misfit(node, `the bias must have ${filters} elements`);
  }
}

export const convolutionRules: Readonly<Record<string, ShapeRule>> = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  'com.microsoft.FusedConv': convolution,
};
