import type { Node } from '../onnx/graph.ts';
import type { GradientRule } from './rule.ts';
import { arithmeticRules } from './rules/arithmetic.ts';
import { activationRules } from './rules/activation.ts';
import { linearRules } from './rules/linear.ts';

/** Every gradient rule, by operator key. A new rule is one small file in rules/ and one line here. */
export const gradientRules: ReadonlyMap<string, GradientRule> = new Map(
  Object.entries({
    ...arithmeticRules,
    ...activationRules,
    ...linearRules,
  }),
);

/** `Conv` for the standard operators, `com.microsoft.FusedMatMul` for those of another domain. */
export function operatorKey(node: Pick<Node, 'operator' | 'domain'>): string {
  return node.domain === '' || node.domain === 'ai.onnx' ? node.operator : `${node.domain}.${node.operator}`;
}
