import assert from 'node:assert/strict';
import { tableRows } from '../../../src/rendering/tableRows.ts';

/** 1, 2, 3 and so on. */
function countTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe('tableRows', () => {
  it('has all positions of a short axis', () => {
    assert.deepEqual(tableRows(countTo(200)), { step: 1, rows: countTo(200) });
    assert.deepEqual(tableRows([]), { step: 1, rows: [] });
  });

  it('has round ones of a long one, with its ends, and never more than fit', () => {
    const { step, rows } = tableRows(countTo(3001));
    assert.equal(step, 20);
    assert.deepEqual(rows.slice(0, 3), [1, 20, 40]);
    assert.deepEqual(rows.slice(-2), [3000, 3001]);
    for (const count of [201, 202, 399, 1000, 1999, 2001, 12_345, 1_000_000])
      assert.ok(tableRows(countTo(count)).rows.length <= 202, String(count));
  });
});
