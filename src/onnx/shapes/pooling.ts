import { inputOf, intsOf, misfit } from '../attributes.ts';
import { roundsUp, windowOf, windowPositions } from '../window.ts';
import { derivedDimension, type Inferred, type InferenceContext, type ShapeRule } from './rule.ts';

/** Output of a pool over the spatial axes of [N, C, …]. */
export function pooled({ node }: InferenceContext): Inferred {
  const input = inputOf(node, 0);
  if (input.shape.length < 3) throw misfit(node, 'the input must have a batch, channels and spatial axes');
  const kernel = intsOf(node, 'kernel_shape');
  if (!kernel) throw misfit(node, 'attribute kernel_shape is missing');
  const spatial = input.shape.slice(2);
  const window = windowOf(node, spatial, kernel);
  const positions = windowPositions(node, window, spatial, {
    roundUp: roundsUp(node),
    derived: (axis) => derivedDimension(node, axis + 2),
  });
  return { type: input.type, shape: [...input.shape.slice(0, 2), ...positions] };
}

/** Maximum and the flat index where it was found. */
const maxPool: ShapeRule = (context) => {
  const result = pooled(context);
  return { results: [result, { type: 'int64', shape: result.shape }] };
};

const pool: ShapeRule = (context) => ({ results: [pooled(context)] });

/** One number per channel. */
export const globalPool: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  if (shape.length < 2) throw misfit(node, 'the input must have a batch and channels');
  return { results: [{ type, shape: shape.map((dimension, axis) => (axis < 2 ? dimension : 1)) }] };
};

export const poolingRules: Readonly<Record<string, ShapeRule>> = {
  MaxPool: maxPool,
  AveragePool: pool,
  LpPool: pool,
  GlobalMaxPool: globalPool,
  GlobalAveragePool: globalPool,
  GlobalLpPool: globalPool,
};
