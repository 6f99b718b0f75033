import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { drawCases, drawOfEach } from '../../support/full.ts';
import { SLOW_FILES } from '../../support/slowFiles.ts';

describe('a short run of the tests', () => {
  const cases = Array.from({ length: 40 }, (_, index) => index);

  it('draws the same cases every time, in their order, others by another seed', () => {
    const drawn = drawCases(cases, 5, 'numbers');
    assert.equal(new Set(drawn).size, 5);
    assert.deepEqual(
      drawn.toSorted((a, b) => a - b),
      drawn,
    );
    assert.deepEqual(drawCases(cases, 5, 'numbers'), drawn);
    assert.notDeepEqual(drawCases(cases, 5, 'another seed'), drawn);
  });

  it('leaves nothing out that is swept over', () => {
    const drawn = drawOfEach(cases, (number) => `${number % 7}`, 2);
    assert.equal(new Set(drawn.map((number) => number % 7)).size, 7);
    assert.equal(drawn.length, 14);
  });

  it('knows times of files that are there', () => {
    assert.deepEqual(
      [...SLOW_FILES.keys()].filter((file) => !existsSync(file)),
      [],
    );
  });
});
