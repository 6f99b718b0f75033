import { inputOf, intOf } from '../attributes.ts';
import { convolution } from './convolution.ts';
import { sameAsInput } from './elementwise.ts';
import { globalPool, pooled } from './pooling.ts';
import type { ShapeRule } from './rule.ts';

/**
 * ONNX Runtime's internal domain of channel-blocked (NCHWc) operators. A blocked tensor has the shape of the plain one;
 * only the order of its elements differs, and its channels are rounded up to whole blocks in memory.
 */
const reorderOutput: ShapeRule = ({ node }) => {
  const { type, shape } = inputOf(node, 0);
  const channels = intOf(node, 'channels', 0);
  const [batch = 1, , ...spatial] = shape;
  const image = [batch, channels, ...spatial];
  const channelsLast = intOf(node, 'channels_last', 0) === 1;
  return { results: [{ type, shape: channelsLast ? [batch, ...spatial, channels] : image }] };
};

const reorderInput: ShapeRule = (context) => {
  const { node } = context;
  if (intOf(node, 'channels_last', 0) === 0) return sameAsInput(context);
  const { type, shape } = inputOf(node, 0);
  const [batch = 1, ...rest] = shape;
  const channels = rest.at(-1) ?? 1;
  return { results: [{ type, shape: [batch, channels, ...rest.slice(0, -1)] }] };
};

const pool: ShapeRule = (context) => ({ results: [pooled(context)] });

const domain = 'com.microsoft.nchwc';

export const blockedRules: Readonly<Record<string, ShapeRule>> = {
  [`${domain}.ReorderInput`]: reorderInput,
  [`${domain}.ReorderOutput`]: reorderOutput,
  [`${domain}.Conv`]: convolution,
  [`${domain}.MaxPool`]: pool,
  [`${domain}.AveragePool`]: pool,
  [`${domain}.GlobalMaxPool`]: globalPool,
  [`${domain}.GlobalAveragePool`]: globalPool,
};
