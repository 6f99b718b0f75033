import assert from 'node:assert/strict';
import { rankNormalizations } from '../../../../src/teacher/matching/rankNormalizations.ts';

const judge = (decisions: readonly number[], labels: readonly number[]) =>
  rankNormalizations([{ name: 'as they are', decisions: Int32Array.from(decisions) }], Int32Array.from(labels), {
    classes: [0, 1],
    width: 2,
    mayAssign: true,
  });

describe('rankNormalizations', () => {
  const rare = [...Array<number>(22).fill(0), 1, 1];

  it('calls no perfect teacher guessing, however rare a class is', () => {
    assert.equal(judge(rare, rare).isNearChance, false);
    assert.equal(judge(Array(9).fill(0), Array(9).fill(0)).isNearChance, false);
  });

  it('calls guessing what always decides for the most frequent class', () => {
    assert.equal(judge(Array(24).fill(0), rare).isNearChance, true);
  });
});
