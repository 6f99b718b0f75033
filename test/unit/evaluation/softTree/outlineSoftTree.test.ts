import assert from 'node:assert/strict';
import { outlineSoftTree } from '../../../../src/evaluation/softTree/outlineSoftTree.ts';
import { softTreeOf } from '../../../support/softTree.ts';

describe('outlineSoftTree', () => {
  it('writes the top levels with what goes where', () => {
    const tree = softTreeOf({ depth: 3, sampleShape: [1, 2, 2] });
    assert.deepEqual(outlineSoftTree(tree, 2), [
      'Soft decision tree: 7 decisions, 8 leaves, 36 test samples',
      '├─ left  10: a (44 %), c (31 %), b (25 %)',
      '│  ├─ left  3: b (54 %), a (33 %), c (13 %)',
      '│  └─ right 7: a (48 %), c (39 %), b (13 %)',
      '└─ right 26: b (44 %), a (29 %), c (27 %)',
      '   ├─ left  11: c (47 %), b (41 %), a (13 %)',
      '   └─ right 15: b (46 %), a (42 %), c (13 %)',
    ]);
  });

  it('ends with the leaves, and says what a tree for tables looks at', () => {
    const tree = softTreeOf({ depth: 1, sampleShape: [4] });
    const lines = outlineSoftTree(tree, 3);
    assert.equal(lines.length, 3);
    assert.match(lines[0]!, / 3 test samples; by [+−] x\[\d\], [+−] x\[\d\], [+−] x\[\d\]$/);
    assert.match(lines[1]!, /left {2}1: a \(75 %\), b \(13 %\), c \(13 %\)$/);
  });
});
