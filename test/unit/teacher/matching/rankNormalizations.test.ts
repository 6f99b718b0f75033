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

  it('takes another way where it decides clearly more of the same samples rightly, though they are few', () => {
    const labels = Array.from({ length: 40 }, (_, index) => index % 2);
    const wrong = (...samples: number[]): number[] =>
      labels.map((label, index) => (samples.includes(index) ? 1 - label : label));
    const chosen = (asTheyAre: number[], other: number[]): number =>
      rankNormalizations(
        [asTheyAre, other].map((decisions) => ({ name: '', decisions: Int32Array.from(decisions) })),
        Int32Array.from(labels),
        { classes: [0, 1], width: 2, mayAssign: true },
      ).index;
    assert.equal(chosen(wrong(1, 2, 3, 4, 5), wrong()), 1);
    assert.equal(chosen(wrong(1, 2), wrong()), 0);
    // As many more, but the other way loses some as well.
    assert.equal(chosen(wrong(1, 2, 3, 4, 5, 6, 7), wrong(8, 9)), 0);
  });

  it('takes any better way of a teacher that decides all samples alike as they are', () => {
    const labels = [0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1];
    const chosen = (asTheyAre: number[], other: number[]): number =>
      rankNormalizations(
        [asTheyAre, other].map((decisions) => ({ name: '', decisions: Int32Array.from(decisions) })),
        Int32Array.from(labels),
        { classes: [0, 1], width: 2, mayAssign: false },
      ).index;
    const wrongAtFive = labels.map((label, index) => (index < 5 ? 1 - label : label));
    assert.equal(chosen(Array<number>(13).fill(0), wrongAtFive), 1);
    assert.equal(chosen([1, ...Array<number>(12).fill(0)], wrongAtFive), 0);
    assert.equal(chosen(Array<number>(13).fill(0), Array<number>(13).fill(1)), 0);
  });

  it('takes the way that is likelier, unless the samples as they are are decided clearly better', () => {
    const labels = Array.from({ length: 40 }, (_, index) => index % 2);
    const wrong = (count: number): number[] => labels.map((label, index) => (index < count ? 1 - label : label));
    const chosen = (asTheyAre: number[], other: number[]): number =>
      rankNormalizations(
        [asTheyAre, other].map((decisions) => ({ name: '', decisions: Int32Array.from(decisions) })),
        Int32Array.from(labels),
        { classes: [0, 1], width: 2, mayAssign: true, isOtherLikelier: true },
      ).index;
    assert.equal(chosen(wrong(4), wrong(3)), 1);
    assert.equal(chosen(wrong(3), wrong(4)), 1);
    assert.equal(chosen(wrong(0), wrong(9)), 0);
    // It has one answer to everything.
    const few = labels.map((label, index) => (index < 18 ? 1 - label : label));
    assert.equal(chosen(few, Array<number>(40).fill(0)), 0);
  });
});
