import { DistilleryError } from '../../errors.ts';
import type { Value } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { elementwiseRules } from './elementwise.ts';
import { linearRules } from './linear.ts';
import { reductionRules } from './reduction.ts';
import type { Inference, NodeSketch, ShapeRule } from './rule.ts';

const rules: ReadonlyMap<string, ShapeRule> = new Map(
  Object.entries({ ...elementwiseRules, ...linearRules, ...reductionRules }),
);

/**
 * Types and shapes of a node's outputs.
 * @throws DistilleryError `UNSUPPORTED` when the operator has no rule, `BAD_FILE` when the inputs do not fit it.
 */
export function inferNode(node: NodeSketch, known: (value: Value) => Tensor | undefined): Inference {
  const key = node.domain === '' || node.domain === 'ai.onnx' ? node.operator : `${node.domain}.${node.operator}`;
  const rule = rules.get(key);
  if (!rule) {
    throw new DistilleryError('UNSUPPORTED', `Node '${node.name}': the shape of operator ${key} cannot be inferred.`);
  }
  return rule({
    node,
    known: (index) => {
      const value = node.inputs[index];
      return value && known(value);
    },
  });
}
