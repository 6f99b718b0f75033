import type { GradientCase } from '../../../support/gradientCheck.ts';
import { arithmeticCases } from './arithmetic.cases.ts';
import { convolutionCases } from './convolution.cases.ts';
import { cumulativeCases } from './cumulative.cases.ts';
import { einsumCases } from './einsum.cases.ts';
import { expansionCases } from './expansion.cases.ts';
import { extremumCases } from './extremum.cases.ts';
import { gatheringCases } from './gathering.cases.ts';
import { linearCases } from './linear.cases.ts';
import { normalizationCases } from './normalization.cases.ts';
import { pieceCases } from './concatAndSplit.cases.ts';
import { poolingCases } from './pooling.cases.ts';
import { recurrentCases } from './recurrent.cases.ts';
import { reductionCases } from './reduction.cases.ts';
import { reshapingCases } from './reshaping.cases.ts';
import { resizeCases } from './resize.cases.ts';
import { softmaxCases } from './softmax.cases.ts';
import { unaryCases } from './unary.cases.ts';

/** The cases of every gradient rule. */
export const gradientCases: readonly GradientCase[] = [
  ...arithmeticCases,
  ...convolutionCases,
  ...cumulativeCases,
  ...einsumCases,
  ...expansionCases,
  ...extremumCases,
  ...gatheringCases,
  ...linearCases,
  ...normalizationCases,
  ...pieceCases,
  ...poolingCases,
  ...recurrentCases,
  ...reductionCases,
  ...reshapingCases,
  ...resizeCases,
  ...softmaxCases,
  ...unaryCases,
];
