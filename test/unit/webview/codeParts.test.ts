import assert from 'node:assert/strict';
import { codeParts } from '../../../webview/codeParts.ts';

describe('parts of a text that are code', () => {
  it('are what stands between two backticks', () => {
    assert.deepEqual(codeParts('a number or `from`, `to` and more'), [
      'a number or ',
      { code: 'from' },
      ', ',
      { code: 'to' },
      ' and more',
    ]);
  });

  it('leaves a backtick that nothing closes as it is', () => {
    assert.deepEqual(codeParts("take `auto` (found 'a`b')"), ['take ', { code: 'auto' }, " (found 'a`b')"]);
    assert.deepEqual(codeParts('a`b'), ['a`b']);
  });

  it('has no empty parts', () => {
    assert.deepEqual(codeParts('`auto`'), [{ code: 'auto' }]);
    assert.deepEqual(codeParts(''), []);
  });
});
