import assert from 'node:assert/strict';
import { decimalsOf } from '../../../../../src/data/formats/tables/decimalsOf.ts';

describe('the digits of a column', () => {
  it('are those that all of its numbers have, of all tables', () => {
    assert.equal(decimalsOf([Float64Array.of(1, -30, NaN, 7)]), 0);
    assert.equal(decimalsOf([Float64Array.of(1, 2), Float64Array.of(0.25)]), 2);
    assert.equal(decimalsOf([Float64Array.of(19.99, 0.1, 1000)]), 2);
    assert.equal(decimalsOf([Float64Array.of(1 / 3)]), undefined);
    assert.equal(decimalsOf([Float64Array.of(5_000_000)]), undefined, 'what single precision may miss by one');
  });
});
