import assert from 'node:assert/strict';
import { selectedIn } from '../../../../src/extension/views/selectedIn.ts';

describe('what is selected in a view', () => {
  it('is waited for while the view is drawn anew and knows none of its elements', async () => {
    const view: { selection: readonly string[] } = { selection: [] };
    let looks = 0;
    const selected = await selectedIn(view, () => {
      if (++looks === 3) view.selection = ['the run'];
      return Promise.resolve();
    });
    assert.equal(selected, 'the run');
    assert.equal(looks, 3);
  });

  it('is nothing, after a while, where what was selected is gone', async () => {
    const selected = await selectedIn<string>({ selection: [] }, () => Promise.resolve());
    assert.equal(selected, undefined);
  });
});
