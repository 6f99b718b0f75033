import assert from 'node:assert/strict';
import { gradientRules } from '../../../src/autodiff/registry.ts';
import { checkGradient } from '../../support/gradientCheck.ts';
import { gradientCases } from './rules/gradientCases.ts';

describe('gradient rules', () => {
  for (const check of gradientCases) {
    it(`${check.operator}: ${check.title}`, () => checkGradient(check));
  }

  it('every rule in the registry has a case', () => {
    const checked = new Set(gradientCases.map((check) => check.operator));
    assert.deepEqual(
      [...gradientRules.keys()].filter((operator) => !checked.has(operator)),
      [],
    );
  });
});
