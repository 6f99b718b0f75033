import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { bestAssignment } from '../../../../src/teacher/matching/assignClasses.ts';
import { classNamesOf, mapByName } from '../../../../src/teacher/matching/classNames.ts';
import { fitInput } from '../../../../src/teacher/matching/fitInput.ts';

/** The best sum of all assignments. */
function bestSum(values: Float64Array, rows: number, columns: number, row = 0, taken = 0): number {
  if (row === rows) return 0;
  let best = -Infinity;
  for (let column = 0; column < columns; column++) {
    if (taken & (1 << column)) continue;
    const rest = bestSum(values, rows, columns, row + 1, taken | (1 << column));
    best = Math.max(best, values[row * columns + column]! + rest);
  }
  return best;
}

describe('bestAssignment', () => {
  it('finds the largest sum, each column once, also with more columns than rows', () => {
    const random = randomStream(3, 'assignment');
    for (let round = 0; round < 60; round++) {
      const rows = 1 + (round % 5);
      const columns = rows + (round % 3);
      const values = Float64Array.from({ length: rows * columns }, () => Math.floor(random.uniform(0, 20)));
      const assigned = bestAssignment(values, rows, columns);
      assert.equal(new Set(assigned).size, rows);
      const sum = assigned.reduce((total, column, row) => total + values[row * columns + column]!, 0);
      assert.equal(sum, bestSum(values, rows, columns));
    }
  });
});

describe('classNamesOf', () => {
  it('reads names as tools write them', () => {
    for (const metadata of [
      { classes: '["cat","dog"]' },
      { names: "{0: 'cat', 1: 'dog'}" },
      { id2label: '{"1":"dog","0":"cat"}' },
      { labels: 'cat, dog' },
      { class_names: "['cat', 'dog']" },
    ]) {
      assert.deepEqual(classNamesOf(metadata, 2), ['cat', 'dog'], JSON.stringify(metadata));
    }
    assert.equal(classNamesOf({ classes: 'cat,dog' }, 3), undefined);
    assert.equal(classNamesOf({ names: '{"1":"dog","2":"cow"}' }, 3), undefined);
    assert.equal(classNamesOf({ made: 'before' }, 1), undefined);
  });

  it('maps names whatever their case, and only when all are there', () => {
    assert.deepEqual(mapByName(['Dog', 'cow', 'CAT'], ['cat', 'dog']), [2, 0]);
    assert.equal(mapByName(['dog', 'cow'], ['cat', 'dog']), undefined);
    assert.equal(mapByName(['dog', 'Dog', 'cat'], ['cat', 'dog']), undefined);
  });
});

describe('fitInput', () => {
  it('tells the layout from the number of channels, and keeps what fits', () => {
    assert.equal(fitInput([3, 32, 32], [3, 32, 32]), undefined);
    assert.equal(fitInput([3, 'h', 'w'], [3, 32, 32]), undefined);
    assert.equal(fitInput(['c', 'h', 'w'], [3, 32, 32]), undefined);
    assert.equal(fitInput([784], [1, 28, 28]), undefined);
    assert.equal(fitInput([4, 32, 32], [3, 32, 32]), undefined, 'refused elsewhere');
    assert.equal(fitInput([8], [8]), undefined);
    assert.deepEqual(fitInput([3, 224, 224], [3, 32, 32]), { size: [224, 224], layout: 'NCHW', native: [3, 224, 224] });
    assert.deepEqual(fitInput([224, 224, 3], [3, 32, 32]), { size: [224, 224], layout: 'NHWC', native: [224, 224, 3] });
    assert.deepEqual(fitInput(['h', 'w', 3], [3, 32, 48]), { layout: 'NHWC', native: [32, 48, 3] });
    assert.deepEqual(fitInput([28, 28], [1, 28, 28]), { layout: 'NHW', native: [28, 28] });
  });
});
