import assert from 'node:assert/strict';
import { gradientRules } from '../../../src/autodiff/registry.ts';
import { checkGradient } from '../../support/gradientCheck.ts';
import { arithmeticCases } from './rules/arithmetic.cases.ts';
import { convolutionCases } from './rules/convolution.cases.ts';
import { cumulativeCases } from './rules/cumulative.cases.ts';
import { einsumCases } from './rules/einsum.cases.ts';
import { expansionCases } from './rules/expansion.cases.ts';
import { extremumCases } from './rules/extremum.cases.ts';
import { gatheringCases } from './rules/gathering.cases.ts';
import { linearCases } from './rules/linear.cases.ts';
import { normalizationCases } from './rules/normalization.cases.ts';
import { pieceCases } from './rules/pieces.cases.ts';
import { poolingCases } from './rules/pooling.cases.ts';
import { recurrentCases } from './rules/recurrent.cases.ts';
import { reductionCases } from './rules/reduction.cases.ts';
import { reshapingCases } from './rules/reshaping.cases.ts';
import { resizeCases } from './rules/resize.cases.ts';
import { softmaxCases } from './rules/softmax.cases.ts';
import { unaryCases } from './rules/unary.cases.ts';

const cases = [
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

describe('gradient rules', () => {
  for (const check of cases) {
    it(`${check.operator}: ${check.title}`, () => checkGradient(check));
  }

  it('every rule in the registry has a case', () => {
    const checked = new Set(cases.map((check) => check.operator));
    assert.deepEqual(
      [...gradientRules.keys()].filter((operator) => !checked.has(operator)),
      [],
    );
  });
});
