import assert from 'node:assert/strict';
import { gradientRules } from '../../../src/autodiff/registry.ts';
import { FAKE_QUANTIZE } from '../../../src/onnx/ownOperators.ts';
import { sampleOfEach } from '../../support/full.ts';
import { checkGradient, type GradientCase } from '../../support/gradientCheck.ts';
import { gradientCases } from './rules/gradientCases.ts';

describe('gradient rules', () => {
  const operatorOf = ({ operator }: GradientCase): string => operator;
  for (const check of sampleOfEach('cases of gradients of operators', gradientCases, operatorOf, 4)) {
    it(`${check.operator}: ${check.title}`, () => checkGradient(check));
  }

  it('every rule in the registry has a case', () => {
    // What rounds is told another gradient than that of what it computes: see fakeQuantization.test.ts.
    const checked = new Set([...gradientCases.map((check) => check.operator), FAKE_QUANTIZE]);
    assert.deepEqual(
      [...gradientRules.keys()].filter((operator) => !checked.has(operator)),
      [],
    );
  });
});
