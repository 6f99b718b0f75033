import type { Node } from '../onnx/graph.ts';
import type { GradientRule } from './rule.ts';
import { activationRules } from './rules/activation.ts';
import { arithmeticRules } from './rules/arithmetic.ts';
import { averagePoolRules } from './rules/averagePool.ts';
import { batchNormalizationRules } from './rules/batchNormalization.ts';
import { convolutionRules } from './rules/convolution.ts';
import { expansionRules } from './rules/expansion.ts';
import { extremumRules } from './rules/extremum.ts';
import { linearRules } from './rules/linear.ts';
import { maxPoolRules } from './rules/maxPool.ts';
import { pieceRules } from './rules/pieces.ts';
import { piecewiseRules } from './rules/piecewise.ts';
import { reductionRules } from './rules/reduction.ts';
import { reshapingRules } from './rules/reshaping.ts';
import { softmaxRules } from './rules/softmax.ts';
import { transposedConvolutionRules } from './rules/transposedConvolution.ts';
import { unaryRules } from './rules/unary.ts';

/** Every gradient rule, by operator key. A new rule is one small file in rules/ and one line here. */
export const gradientRules: ReadonlyMap<string, GradientRule> = new Map(
  Object.entries({
    ...activationRules,
    ...arithmeticRules,
    ...averagePoolRules,
    ...batchNormalizationRules,
    ...convolutionRules,
    ...expansionRules,
    ...extremumRules,
    ...linearRules,
    ...maxPoolRules,
    ...pieceRules,
    ...piecewiseRules,
    ...reductionRules,
    ...reshapingRules,
    ...softmaxRules,
    ...transposedConvolutionRules,
    ...unaryRules,
  }),
);

/** `Conv` for the standard operators, `com.microsoft.FusedMatMul` for those of another domain. */
export function operatorKey(node: Pick<Node, 'operator' | 'domain'>): string {
  return node.domain === '' || node.domain === 'ai.onnx' ? node.operator : `${node.domain}.${node.operator}`;
}
