import assert from 'node:assert/strict';
import { StudentSuggestions } from '../../../webview/form/student/studentSuggestions.ts';

describe('suggested students', () => {
  const first = { architecture: 'mlp', hidden: [128] };

  it('take the place of one that nobody chose, and follow the data', () => {
    const suggestions = new StudentSuggestions(first);
    const forImages = suggestions.next(first, 'images');
    assert.deepEqual(forImages, { architecture: 'convnet' });
    assert.equal(suggestions.next(forImages, 'images'), undefined);
    assert.deepEqual(suggestions.next(forImages, 'texts'), { architecture: 'textcnn' });
  });

  it('leave alone what somebody chose, at first or since then', () => {
    assert.equal(new StudentSuggestions(undefined).next(first, 'images'), undefined);
    const suggestions = new StudentSuggestions(first);
    assert.ok(suggestions.next(first, 'images'));
    assert.equal(suggestions.next({ architecture: 'resnet' }, 'texts'), undefined);
  });
});
