import type { Node } from '../onnx/node.ts';
import type { GradientRule } from './rule.ts';
import { activationRules } from './rules/activation.ts';
import { arithmeticRules } from './rules/arithmetic.ts';
import { averagePoolRules } from './rules/averagePool.ts';
import { batchNormalizationRules } from './rules/batchNormalization.ts';
import { convolutionRules } from './rules/convolution.ts';
import { cumulativeRules } from './rules/cumulative.ts';
import { einsumRules } from './rules/einsum.ts';
import { expansionRules } from './rules/expansion.ts';
import { extremumRules } from './rules/extremum.ts';
import { fakeQuantizationRules } from './rules/fakeQuantization.ts';
import { gatheringRules } from './rules/gathering.ts';
import { gruRules } from './rules/recurrent/gru.ts';
import { layerNormalizationRules } from './rules/layerNormalization.ts';
import { rnnRules } from './rules/recurrent/rnn.ts';
import { linearRules } from './rules/linear.ts';
import { lstmRules } from './rules/recurrent/lstm.ts';
import { maxPoolRules } from './rules/maxPool.ts';
import { pieceRules } from './rules/concatAndSplit.ts';
import { piecewiseRules } from './rules/piecewise.ts';
import { reductionRules } from './rules/reduction.ts';
import { reshapingRules } from './rules/reshaping.ts';
import { resizeRules } from './rules/resize.ts';
import { scatteringRules } from './rules/scattering.ts';
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
    ...cumulativeRules,
    ...einsumRules,
    ...expansionRules,
    ...extremumRules,
    ...fakeQuantizationRules,
    ...gatheringRules,
    ...gruRules,
    ...layerNormalizationRules,
    ...linearRules,
    ...lstmRules,
    ...maxPoolRules,
    ...pieceRules,
    ...piecewiseRules,
    ...reductionRules,
    ...reshapingRules,
    ...rnnRules,
    ...resizeRules,
    ...scatteringRules,
    ...softmaxRules,
    ...transposedConvolutionRules,
    ...unaryRules,
  }),
);

/** `Conv` for the standard operators, `com.microsoft.FusedMatMul` for those of another domain. */
export function operatorKey(node: Pick<Node, 'operator' | 'domain'>): string {
  return node.domain === '' || node.domain === 'ai.onnx' ? node.operator : `${node.domain}.${node.operator}`;
}
