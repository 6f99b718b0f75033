import { inputOf, intOf } from '../attributes.ts';
import type { ShapeRule } from './rule.ts';

/** Numbers that the leaves of trees give, added up: [rows, n_targets]. */
const treeRegressor: ShapeRule = ({ node }) => ({
  results: [{ type: 'float32', shape: [inputOf(node, 0).shape[0] ?? 'rows', intOf(node, 'n_targets', 1)] }],
});

/** Trees of `ai.onnx.ml` as Distillery writes them. */
export const treeRules: Readonly<Record<string, ShapeRule>> = {
  'ai.onnx.ml.TreeEnsembleRegressor': treeRegressor,
};
