import assert from 'node:assert/strict';
import { matchesWildcards } from '../../../src/students/matchWildcards.ts';

describe('patterns with wildcards', () => {
  it('match whole names', () => {
    const cases: readonly (readonly [pattern: string, name: string, matches: boolean])[] = [
      ['', '', true],
      ['*', '', true],
      ['?', '', false],
      ['a*', 'abc', true],
      ['*c', 'abc', true],
      ['a*c*', 'abcc', true],
      ['a?c', 'abc', true],
      ['a?c', 'abbc', false],
      ['*ab', 'aab', true],
      ['*ab*b', 'abab', true],
      ['a.c', 'abc', false],
      ['*.bias', 'layer1/conv.bias', true],
      ['*.bias', 'layer1/conv.bias2', false],
      ['a*\n*b', 'a\nb', true],
      ['**?**', 'x', true],
    ];
    for (const [pattern, name, matches] of cases) {
      assert.equal(matchesWildcards(pattern, name), matches, `${pattern} and ${name}`);
    }
  });

  it('take no time that grows with the ways to divide a name', () => {
    const started = performance.now();
    assert.equal(matchesWildcards(`${'*a'.repeat(50)}x`, 'a'.repeat(5000)), false);
    assert.equal(matchesWildcards(`${'*'.repeat(1000)}x`, 'a'.repeat(5000)), false);
    assert.ok(performance.now() - started < 2000);
  });
});
