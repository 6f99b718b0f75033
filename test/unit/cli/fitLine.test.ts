import assert from 'node:assert/strict';
import { cut, fitLine } from '../../../src/cli/fitLine.ts';

const pieces = [
  { text: 'epoch 3/10', rank: 0 },
  { text: 'loss 0.4120', rank: 1 },
  { text: '(kd 0.39, labels 0.21)', rank: 3 },
  { text: '', rank: 1 },
  { text: '5.0 s left', rank: 2 },
];

describe('fitLine', () => {
  it('shows everything where there is room', () => {
    assert.equal(
      fitLine('Student', 0.5, pieces, 100),
      `Student  ${'█'.repeat(15)}${'░'.repeat(15)}  epoch 3/10  loss 0.4120  (kd 0.39, labels 0.21)  5.0 s left`,
    );
  });

  it('drops the least important pieces first', () => {
    assert.equal(fitLine('Student', 1, pieces, 54), `Student  ${'█'.repeat(8)}  epoch 3/10  loss 0.4120  5.0 s left`);
    assert.equal(fitLine('Student', 0, pieces, 53), `Student  ${'░'.repeat(19)}  epoch 3/10  loss 0.4120`);
    assert.equal(fitLine('Student', 0, pieces, 20), 'Student  epoch 3/10');
  });

  it('is never wider than the terminal', () => {
    for (let width = 1; width <= 120; width++) {
      const line = fitLine('Student', width / 120, pieces, width);
      assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
    }
  });

  it('draws shares outside of 0…1 as empty or full', () => {
    assert.equal(fitLine('a', 7, [], 40), `a  ${'█'.repeat(30)}`);
    assert.equal(fitLine('a', -1, [], 40), `a  ${'░'.repeat(30)}`);
  });
});

describe('cut', () => {
  it('marks what was left out', () => {
    assert.equal(cut('abc', 3), 'abc');
    assert.equal(cut('abcd', 3), 'ab…');
  });
});
