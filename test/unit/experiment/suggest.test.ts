import assert from 'node:assert/strict';
import { listed, nearest } from '../../../src/experiment/suggest.ts';

describe('nearest', () => {
  for (const [word, candidates, expected] of [
    ['mpl', ['mlp', 'convnet'], 'mlp'],
    ['conv', ['mlp', 'convnet'], 'convnet'],
    ['bachsize', ['batchSize', 'baseline'], 'batchSize'],
    ['inspcet', ['run', 'inspect'], 'inspect'],
    ['zebra', ['mlp', 'convnet'], undefined],
    ['x', ['mlp'], undefined],
    ['kd', [], undefined],
  ] as const) {
    it(`takes ${word} for ${String(expected)}`, () => {
      assert.equal(nearest(word, candidates), expected);
    });
  }
});

describe('listed', () => {
  it('joins names as prose does', () => {
    assert.equal(listed([]), '');
    assert.equal(listed(['a']), "'a'");
    assert.equal(listed(['a', 'b', 'c']), "'a', 'b' or 'c'");
  });
});
