import assert from 'node:assert/strict';
import { drawSoftTree } from '../../../../../src/report/drawings/softTree/drawSoftTree.ts';
import { inEnglish } from '../../../../../src/report/wording/reportText.ts';
import { softTreeOf } from '../../../../support/softTree.ts';

describe('drawSoftTree', () => {
  const tree = softTreeOf({ depth: 3, sampleShape: [4] });
  const drawing = { pictures: new Map<number, string>(), write: inEnglish };
  const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

  it('marks every branch, every node and the leaf of a way', () => {
    const { text } = drawSoftTree(tree, 0, { ...drawing, markedLeaf: 5 });
    assert.equal(count(text, /class="branch on-way"/g), 3);
    assert.equal(count(text, /<g class="on-way">/g), 3);
    assert.match(text, /<g class="leaf on-way">\s*<title>Leaf 5: 6 samples/);
    assert.equal(count(text, /on-way/g), 7);
  });

  it('marks nothing unless it is asked to', () => {
    assert.doesNotMatch(drawSoftTree(tree, 0, drawing).text, /on-way/);
  });

  it('marks nothing in a part of the tree that the way does not come to', () => {
    const deep = softTreeOf({ depth: 6, sampleShape: [4] });
    assert.doesNotMatch(drawSoftTree(deep, 15, { ...drawing, markedLeaf: 63 }).text, /on-way/);
    assert.equal(count(drawSoftTree(deep, 30, { ...drawing, markedLeaf: 63 }).text, /branch on-way/g), 2);
  });

  it('says in the reader’s language what it shows', () => {
    const { text } = drawSoftTree(tree, 0, { ...drawing, write: (said) => `«${inEnglish(said)}»` });
    assert.match(text, /aria-label="«3 levels of decisions/);
    assert.equal(count(text, /<title>«/g), 15);
  });
});
