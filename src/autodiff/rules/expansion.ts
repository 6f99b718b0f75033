import { inputOf } from '../../onnx/attributes.ts';
import { dimensionsOf } from '../../onnx/graph.ts';
import { sumToShape } from '../broadcast.ts';
import { reshape, sumOver } from '../layout.ts';
import { firstOutputGradient, type GradientRule } from '../rule.ts';

/** The sum over the copies. */
const expansion: GradientRule = (context) => [
  sumToShape(context.graph, firstOutputGradient(context), inputOf(context.node, 0)),
];

/** The sum over the copies, which stand one after the other on every axis. */
const tile: GradientRule = (context) => {
  const { graph, node } = context;
  const g = firstOutputGradient(context);
  const sizes = dimensionsOf(inputOf(node, 0));
  const tiled = dimensionsOf(g);
  const pairs = sizes.flatMap((size, axis) => [(tiled[axis] ?? size) / size, size]);
  const copies = sizes.flatMap((_, axis) => ((pairs[2 * axis] ?? 1) > 1 ? [2 * axis] : []));
  return [reshape(graph, sumOver(graph, reshape(graph, g, pairs), copies, true), sizes)];
};

export const expansionRules: Readonly<Record<string, GradientRule>> = { Expand: expansion, Tile: tile };
